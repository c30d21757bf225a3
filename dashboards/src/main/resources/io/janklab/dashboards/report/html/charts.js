"use strict";
// Draws every chart of the page's data with uPlot: lines with bands, a dash pattern for each kernel beside its colour.
(() => {
  const { charts } = JSON.parse(document.getElementById("data").textContent);
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
  function series(chart) {
    const data = [chart.x];
    const list = [{}];
    const bands = [];
    for (const line of chart.lines) {
      const stroke = colour(`s${line.style}`);
      const paths = chart.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined;
      list.push({ label: line.name, stroke, width: 2, dash: DASHES[line.style], paths, points: { show: false } });
      data.push(line.y);
      if (line.low) {
        bands.push({ series: [list.length, list.length + 1], fill: withAlpha(stroke, 0.14) });
        list.push({ label: "", points: { show: false } }, { label: "", points: { show: false } });
        data.push(line.high, line.low);
      }
    }
    return { data, list, bands };
  }

  function readout(chart, plot, place) {
    const index = plot.cursor.idx;
    place.textContent =
      index == null
        ? ""
        : `${chart.xLabel} ${atX(chart, index)}: ` + chart.lines.map((line) => `${line.name} ${short(line.y[index])}`).join(", ");
  }

  function atX(chart, index) {
    const x = chart.x[index];
    return chart.marks ? `P${Number((100 * (1 - 10 ** -x)).toPrecision(4))}` : short(x);
  }

  function draw(element, chart) {
    const { data, list, bands } = series(chart);
    const told = document.createElement("p");
    told.className = "told";
    const distr = chart.log ? 3 : 1;
    const options = {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      scales: { x: { time: false, distr, range: (plot, low, high) => [low, high > low ? high : low + 1] }, y: { distr } },
      axes: axes(chart),
      series: list,
      bands,
      cursor: { y: false },
      hooks: { setCursor: [(plot) => readout(chart, plot, told)] },
    };
    element.replaceChildren();
    const plot = new uPlot(options, data, element);
    element.append(legend(chart), told);
    return plot;
  }

  function legend(chart) {
    const list = document.createElement("p");
    list.className = "legend";
    for (const line of chart.lines) {
      const item = document.createElement("span");
      item.innerHTML = '<svg viewBox="0 0 28 8" aria-hidden="true"><line x1="0" y1="4" x2="28" y2="4"/></svg> ';
      const stroke = item.querySelector("line");
      stroke.style.stroke = `var(--s${line.style})`;
      stroke.style.strokeDasharray = DASHES[line.style].join(" ");
      item.append(line.name);
      list.append(item);
    }
    return list;
  }

  const drawn = [...document.querySelectorAll("[data-chart]")].map((element) => ({ element, plot: null }));

  function drawAll() {
    for (const place of drawn) {
      place.plot?.destroy();
      place.plot = draw(place.element, charts[place.element.dataset.chart]);
    }
  }

  drawAll();
  document.addEventListener("themechange", drawAll);
  addEventListener("resize", () => drawn.forEach(({ element, plot }) => plot.setSize({ width: element.clientWidth, height: HEIGHT })));
})();
