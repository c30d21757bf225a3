// Draws charts with uPlot: lines with bands, a dash pattern for each kernel beside its colour.
const HEIGHT = 260;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [14, 4], [3, 6], [8, 3, 3, 3], [2, 6]];
const probe = document.createElement("span");
document.body.append(probe);

// A colour of the style sheet as the canvas wants it.
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

const withAlpha = (rgb, alpha) => rgb.replace("rgb(", "rgba(").replace(")", `, ${alpha})`);
const short = (value) => (value == null ? "–" : Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString());
const isPowerOfTen = (value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;

function axis(label, extra) {
  const grid = { stroke: colour("line"), width: 1 };
  const font = "12px system-ui, sans-serif";
  return { stroke: colour("faint"), grid, ticks: grid, label, labelSize: 18, labelFont: font, font, ...extra };
}

function axes(chart) {
  const tens = chart.log ? { filter: (plot, splits) => splits.map((value) => (isPowerOfTen(value) ? value : null)) } : {};
  const marks = chart.marks && {
    splits: () => chart.marks.map(([x]) => x),
    values: () => chart.marks.map(([, label]) => label),
  };
  return [axis(chart.xLabel, marks ?? tens), axis(chart.yLabel, { size: 56, ...tens })];
}

// Each line is up to three series: itself, and the edges of its band.
function columns(chart) {
  return [chart.x, ...chart.lines.flatMap((line) => (line.low ? [line.y, line.high, line.low] : [line.y]))];
}

function series(chart) {
  const list = [{}];
  const bands = [];
  for (const line of chart.lines) {
    const stroke = colour(`s${line.style}`);
    const paths = chart.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined;
    list.push({ label: line.name, stroke, width: 2, dash: DASHES[line.style], paths, points: { show: false } });
    if (line.low) {
      bands.push({ series: [list.length, list.length + 1], fill: withAlpha(stroke, 0.14) });
      list.push({ label: "", points: { show: false } }, { label: "", points: { show: false } });
    }
  }
  return { series: list, bands };
}

function atX(chart, index) {
  const x = chart.x[index];
  return chart.marks ? `P${Number((100 * (1 - 10 ** -x)).toPrecision(4))}` : short(x);
}

function readout(chart, index) {
  if (index == null) return "";
  return `${chart.xLabel} ${atX(chart, index)}: ` + chart.lines.map((line) => `${line.name} ${short(line.y[index])}`).join(", ");
}

// Where a table of the chart has its rows: at the axis' marks, else at evenly spaced points.
const ROWS = 8;
function rowsOf(chart) {
  const at = chart.marks ? chart.marks.map(([x]) => x) : Array.from({ length: ROWS }, (_, i) => chart.x[Math.round((i * (chart.x.length - 1)) / (ROWS - 1))]);
  const nearest = (x) => chart.x.reduce((best, each, i) => (Math.abs(each - x) < Math.abs(chart.x[best] - x) ? i : best), 0);
  return [...new Set(at.map(nearest))];
}

const cell = (name, text, scope) => {
  const made = document.createElement(name);
  made.textContent = text;
  if (scope) made.scope = scope;
  return made;
};

// The chart's figures in a table, for those who cannot see it, or want the numbers.
function tableOf(chart) {
  const details = document.createElement("details");
  details.className = "figures";
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  head.append(...[chart.xLabel, ...chart.lines.map((line) => line.name)].map((text) => cell("th", text, "col")));
  const body = table.createTBody();
  for (const index of rowsOf(chart)) {
    const range = (line) => (line.low ? ` (${short(line.low[index])} … ${short(line.high[index])})` : "");
    body.insertRow().append(cell("th", atX(chart, index), "row"), ...chart.lines.map((line) => cell("td", short(line.y[index]) + range(line))));
  }
  details.append(cell("summary", `In figures, ${chart.yLabel}`), table);
  return details;
}

// What a frame may take, and the deadline: a dashed line across the plot, if it is in view.
function drawBudgets(plot, chart) {
  for (const [at, label, onX] of chart.budgets ?? []) {
    const scale = plot.scales[onX ? "x" : "y"];
    if (at < scale.min || at > scale.max) continue;
    const { left, top, width, height } = plot.bbox;
    const position = plot.valToPos(at, onX ? "x" : "y", true);
    const { ctx } = plot;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour("late");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.beginPath();
    ctx.moveTo(onX ? position : left, onX ? top : position);
    ctx.lineTo(onX ? position : left + width, onX ? top + height : position);
    ctx.stroke();
    // Of a level, at the right end: curves cross it on the left.
    ctx.textAlign = onX ? "left" : "right";
    if (onX) ctx.fillText(label, position + 4 * devicePixelRatio, top + 12 * devicePixelRatio);
    else ctx.fillText(label, left + width - 4 * devicePixelRatio, position - 4 * devicePixelRatio);
    ctx.restore();
  }
}

// The numbers of a line's series in the plot: itself and the edges of its band.
function seriesOf(chart, line) {
  const before = chart.lines.slice(0, line).reduce((sum, each) => sum + (each.low ? 3 : 1), 1);
  return Array.from({ length: chart.lines[line].low ? 3 : 1 }, (_, i) => before + i);
}

function legend(chart, toggle) {
  const list = document.createElement("p");
  list.className = "legend";
  chart.lines.forEach((line, number) => {
    const item = document.createElement("button");
    item.type = "button";
    item.setAttribute("aria-pressed", "true");
    item.addEventListener("click", () => {
      const shown = item.getAttribute("aria-pressed") !== "true";
      item.setAttribute("aria-pressed", String(shown));
      toggle(number, shown);
    });
    item.innerHTML = '<svg viewBox="0 0 28 8" aria-hidden="true"><line x1="0" y1="4" x2="28" y2="4"/></svg> ';
    const stroke = item.querySelector("line");
    stroke.style.stroke = `var(--s${line.style})`;
    stroke.style.strokeDasharray = DASHES[line.style].join(" ");
    item.append(line.name);
    list.append(item);
  });
  return list;
}

// What must be the same for new figures to go into the plot that is there.
const shape = (chart) => JSON.stringify([chart.marks ?? null, chart.lines.map((line) => [line.name, line.style, Boolean(line.low)])]);

class ChartPlace {
  constructor(element) {
    this.element = element;
    this.plot = null;
    this.told = document.createElement("p");
    this.told.className = "told";
  }

  show(chart) {
    const fits = this.plot && shape(chart) === shape(this.chart);
    this.chart = chart;
    if (fits) {
      this.plot.setData(columns(chart));
      const table = tableOf(chart);
      table.open = this.table.open;
      this.table.replaceWith(table);
      this.table = table;
    }
    else this.draw();
  }

  draw() {
    this.plot?.destroy();
    const { chart, element } = this;
    const distr = chart.log ? 3 : 1;
    const options = {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      scales: { x: { time: false, distr, range: (plot, low, high) => [low, high > low ? high : low + 1] }, y: { distr } },
      axes: axes(chart),
      ...series(chart),
      cursor: { y: false },
      hooks: { draw: [(plot) => drawBudgets(plot, this.chart)], setCursor: [(plot) => (this.told.textContent = readout(this.chart, plot.cursor.idx))] },
    };
    element.replaceChildren();
    // The picture is an image with a name; its legend and table beside it are not part of it.
    const picture = document.createElement("div");
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", element.dataset.caption ?? "");
    element.append(picture);
    this.plot = new uPlot(options, columns(chart), picture);
    const toggle = (line, show) => seriesOf(this.chart, line).forEach((number) => this.plot.setSeries(number, { show }));
    this.table = tableOf(chart);
    element.append(legend(chart, toggle), this.told, this.table);
  }

  fit() {
    this.plot.setSize({ width: this.element.clientWidth, height: HEIGHT });
  }
}

// The places of all charts on the page; those that have left it are forgotten.
const places = new Map();

function present() {
  for (const [element, place] of places) {
    if (element.isConnected) continue;
    place.plot.destroy();
    places.delete(element);
  }
  return places.values();
}

// Draws the charts that have a place in `root`; a chart that is drawn there already takes the new figures.
export function drawCharts(root, charts) {
  for (const element of root.querySelectorAll("[data-chart]")) {
    if (!places.has(element)) places.set(element, new ChartPlace(element));
    places.get(element).show(charts[element.dataset.chart]);
  }
}

document.addEventListener("themechange", () => [...present()].forEach((place) => place.draw()));
addEventListener("resize", () => [...present()].forEach((place) => place.fit()));
