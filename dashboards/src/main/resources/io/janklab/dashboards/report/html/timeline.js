// What lay around a late frame: a row per task with its states, its holds and trace slices below them, and arrows from who waits to who is
// in the way. The pointer, or the arrow keys, tell each piece in words.
const SVG = "http://www.w3.org/2000/svg";
const ROW = 46;
const TIP_OFFSET = 14;
const TOP = 40;
const STATE = { y: 16, height: 12 };
const HOLD = { y: 30, height: 8 };
const SLICE = { y: 40, height: 13 };
const MOST_SLICE_ROWS = 4;
const STATES = { R: "runs on CPU", "R+": "waits for CPU", D: "sleeps uninterruptibly, last on CPU" };
const SMALLEST_PX = 0.4;
const MOST_ARROWS = 150;

const ms = (ns) => (ns / 1e6).toFixed(2);
const lasting = (ns) => (ns < 1e5 ? `${(ns / 1e3).toFixed(1)} µs` : `${ms(ns)} ms`);

function makeSvg(parent, name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

const lockClass = (data, lock) => `lock-${data.locks[lock][0]}`;
const lockName = (data, lock) => data.locks[lock].join(" ");

// Everything that can be pointed at, row by row in order of time.
function pieces(data) {
  const all = [];
  data.tasks.forEach((task, row) => {
    const who = `${task.name} (${task.prio}, ${task.process})`;
    const add = (kind, from, to, style, words, more) => all.push({ row, kind, from, to, style, words: `${words}, ${lasting(to - from)}`, ...more });
    asleep(data, task).forEach(([from, to]) => add("state", from, to, "state-S", `${who} sleeps`));
    task.states.forEach(([from, to, state, cpu]) => add("state", from, to, `state-${state === "R+" ? "runnable" : state}`, `${who} ${STATES[state]} ${cpu}`, { cpu }));
    task.waits.forEach(([from, to, lock, behind, chain, inverted]) =>
      add("wait", from, to, lockClass(data, lock) + (inverted ? " inverted" : ""), data.chains[chain] + (inverted ? " (inversion)" : ""), { behind, lock }));
    task.holds.forEach(([from, to, lock, mode]) =>
      add("hold", from, to, `${lockClass(data, lock)} mode-${mode}`, `${who} holds ${lockName(data, lock)} (${mode})${waiters(data, task, lock, from, to)}`, { lock }));
    task.slices.filter((slice) => slice[3] < MOST_SLICE_ROWS).forEach(([from, to, name, depth]) =>
      add("slice", from, to, `slice-${depth % 2}`, `${who} is in ${data.sliceNames[name]}`, { depth, label: data.sliceNames[name] }));
  });
  return all.sort((a, b) => a.row - b.row || a.from - b.from);
}

// Between its states a task sleeps, unless a wait for a lock tells why it does not run.
function asleep(data, task) {
  const gaps = [];
  let end = data.from;
  for (const [from, to] of [...task.states, [data.to, data.to]]) {
    if (from > end) gaps.push([end, from]);
    end = Math.max(end, to);
  }
  return gaps;
}

function waiters(data, holder, lock, from, to) {
  const names = data.tasks
    .filter((task) => task.waits.some((wait) => wait[2] === lock && wait[3] === holder.tid && wait[0] < to && wait[1] > from))
    .map((task) => task.name);
  return names.length ? `; ${names.join(", ")} ${names.length > 1 ? "wait" : "waits"} for it` : "";
}

// How many lines of slices a task's row needs.
const sliceRows = (task) => Math.min(MOST_SLICE_ROWS, task.slices.reduce((most, slice) => Math.max(most, slice[3] + 1), 0));

class Timeline {
  constructor(place, all) {
    this.place = place;
    this.all = all;
    this.take(all.shown);
    const { data } = this;
    this.view = { from: data.from, to: data.to };
    this.current = null;
    this.build();
    this.draw();
  }

  // Shows the first `count` tasks.
  take(count) {
    this.data = { ...this.all, tasks: this.all.tasks.slice(0, count) };
    this.pieces = pieces(this.data);
    this.rowOf = new Map(this.data.tasks.map((task, row) => [task.tid, row]));
    this.tops = [TOP];
    this.data.tasks.forEach((task, row) => this.tops.push(this.tops[row] + ROW + SLICE.height * sliceRows(task)));
    this.current = null;
  }

  build() {
    const bar = document.createElement("div");
    bar.className = "tools";
    for (const [label, action] of [["Zoom in", () => this.zoom(0.5)], ["Zoom out", () => this.zoom(2)], ["Whole", () => this.whole()]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", action);
      bar.append(button);
    }
    const hint = document.createElement("span");
    hint.textContent = "Keys: arrows, W A S D, 0; the wheel zooms with Ctrl, pans with Shift";
    bar.append(hint, lockLegend(this.data));
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("tabindex", "0");
    this.svg.setAttribute("role", "application");
    this.svg.setAttribute("aria-label", "Timeline of tasks and locks around this frame; arrow keys go from piece to piece");
    this.told = document.createElement("p");
    this.told.className = "told";
    this.told.setAttribute("role", "status");
    this.tip = document.createElement("div");
    this.tip.className = "tip";
    this.tip.setAttribute("aria-hidden", "true");
    this.tip.hidden = true;
    this.place.replaceChildren(bar, this.svg, this.told, this.tip);
    this.offerOthers();
    this.svg.addEventListener("pointermove", (event) => this.pointAt(event));
    this.svg.addEventListener("pointerdown", (event) => this.pointAt(event));
    this.svg.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("focus", () => this.current ?? this.begin());
  }

  // A button for the tasks that are not shown at first.
  offerOthers() {
    const others = this.all.tasks.length - this.all.shown;
    if (others <= 0) return;
    const button = document.createElement("button");
    button.type = "button";
    const label = (open) => { button.textContent = open ? `Hide the other ${others} tasks` : `Show the other ${others} ${others === 1 ? "task" : "tasks"}`; button.setAttribute("aria-expanded", open); };
    label(false);
    button.addEventListener("click", () => {
      const open = this.data.tasks.length === this.all.shown;
      this.take(open ? this.all.tasks.length : this.all.shown);
      label(open);
      this.draw();
    });
    this.place.append(button);
  }

  x(time) {
    const { from, to } = this.view;
    return ((time - from) / (to - from)) * this.width;
  }

  draw() {
    this.width = this.place.clientWidth;
    const height = this.tops.at(-1);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
    this.svg.setAttribute("height", height);
    this.svg.replaceChildren();
    this.ruler(height);
    this.data.tasks.forEach((task, row) => this.label(task, row));
    this.pieces.forEach((piece, index) => this.piece(piece, index));
    this.arrows();
    if (this.current) this.mark();
  }

  ruler(height) {
    const { from, to } = this.view;
    const rough = (to - from) / Math.max(2, this.width / 110);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
    const decimals = Math.max(0, 6 - Math.floor(Math.log10(step)));
    for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
      makeSvg(this.svg, "line", { class: "grid", x1: this.x(time), x2: this.x(time), y1: 16, y2: height });
      makeSvg(this.svg, "text", { class: "tick", x: this.x(time) + 3, y: 12 }, `${(time / 1e6).toFixed(decimals)} ms`);
    }
    const { began, deadline, ended } = this.data;
    for (const [name, time] of [["vsync", 0], ["began", began], ["deadline", deadline], ["ended", ended]]) {
      if (time < from || time > to) continue;
      makeSvg(this.svg, "line", { class: `moment ${name}`, x1: this.x(time), x2: this.x(time), y1: 18, y2: height });
      const after = this.x(time) < this.width - 60;
      makeSvg(this.svg, "text", { class: "moment", x: this.x(time) + (after ? 3 : -3), y: name === "began" || name === "ended" ? 36 : 26, "text-anchor": after ? "start" : "end" }, name);
    }
  }

  label(task, row) {
    makeSvg(this.svg, "text", { class: "task", x: 2, y: this.tops[row] + 11 }, `${task.name} · ${task.prio} · ${task.process}`);
  }

  piece(piece, index) {
    const left = Math.max(0, this.x(piece.from));
    const width = Math.min(this.width, this.x(piece.to)) - left;
    if (width < 0 || this.x(piece.to) - this.x(piece.from) < SMALLEST_PX) return;
    const { y, height } = this.band(piece);
    makeSvg(this.svg, "rect", { class: `${piece.kind} ${piece.style}`, x: left, y, width: Math.max(width, 1), height, "data-piece": index });
    if (piece.kind === "slice" && width > 30) this.sliceLabel(piece, left, y, width);
    if (piece.cpu !== undefined && width > 14) makeSvg(this.svg, "text", { class: "cpu", x: left + 3, y: y + 10 }, piece.cpu);
  }

  band({ kind, row, depth }) {
    const band = kind === "slice" ? SLICE : kind === "hold" ? HOLD : STATE;
    return { y: this.tops[row] + band.y + (kind === "slice" ? depth * SLICE.height : 0), height: band.height - (kind === "slice" ? 1 : 0) };
  }

  sliceLabel(piece, left, y, width) {
    const fits = Math.floor((width - 4) / 6);
    const text = piece.label.length > fits ? `${piece.label.slice(0, fits - 1)}…` : piece.label;
    makeSvg(this.svg, "text", { class: "slice", x: left + 3, y: y + 9.5 }, text);
  }

  // From the middle of a wait to the row of the task in the way.
  arrows() {
    const visible = this.pieces.filter((piece) => piece.kind === "wait" && this.rowOf.has(piece.behind) && this.x(piece.to) > 0 && this.x(piece.from) < this.width);
    visible.sort((a, b) => b.to - b.from - (a.to - a.from));
    visible.slice(0, MOST_ARROWS).forEach((piece) => this.arrow(piece, ""));
  }

  arrow(piece, extra) {
    const target = this.rowOf.get(piece.behind);
    if (target === undefined || target === piece.row) return;
    const middle = (Math.max(0, this.x(piece.from)) + Math.min(this.width, this.x(piece.to))) / 2;
    const down = target > piece.row;
    const y1 = this.tops[piece.row] + (down ? STATE.y + STATE.height : STATE.y);
    const y2 = this.tops[target] + (down ? STATE.y : STATE.y + STATE.height);
    const tip = down ? -5 : 5;
    makeSvg(this.svg, "path", { class: `arrow ${extra}`, d: `M${middle} ${y1}V${y2}m-3 ${tip}l3 ${-tip}l3 ${tip}` });
  }

  pointAt(event) {
    const index = event.target.dataset?.piece;
    this.tip.hidden = index === undefined;
    if (index === undefined) return;
    this.tell(this.pieces[index]);
    this.tip.textContent = this.told.textContent;
    const place = this.place.getBoundingClientRect();
    const left = event.clientX - place.left;
    this.tip.style.left = `${Math.max(0, Math.min(left + TIP_OFFSET, place.width - this.tip.offsetWidth))}px`;
    this.tip.style.top = `${event.clientY - place.top + TIP_OFFSET}px`;
  }

  tell(piece) {
    if (!piece || piece === this.current) return;
    this.current = piece;
    this.told.textContent = `${ms(piece.from)} ms: ${piece.words}`;
    this.mark();
  }

  mark() {
    this.svg.querySelectorAll(".marked").forEach((element) => element.remove());
    const { kind, from, to } = this.current;
    const { y, height } = this.band(this.current);
    const left = Math.max(0, this.x(from));
    const width = Math.max(3, Math.min(this.width, this.x(to)) - left);
    makeSvg(this.svg, "rect", { class: "marked", x: left - 1, y: y - 2, width: width + 2, height: height + 4 });
    if (kind === "wait") this.arrow(this.current, "marked");
    if (kind === "hold") this.pieces.filter((piece) => this.waitsForCurrent(piece)).forEach((piece) => this.arrow(piece, "marked"));
  }

  waitsForCurrent(piece) {
    const { lock, row, from, to } = this.current;
    return piece.kind === "wait" && piece.lock === lock && this.rowOf.get(piece.behind) === row && piece.from < to && piece.to > from;
  }

  // Where the keyboard starts: the first wait, if there is one.
  begin() {
    this.tell(this.pieces.find((piece) => piece.kind === "wait") ?? this.pieces[0]);
  }

  key(event) {
    const actions = {
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      ArrowDown: () => this.jump(1),
      ArrowUp: () => this.jump(-1),
      w: () => this.zoom(0.5),
      s: () => this.zoom(2),
      a: () => this.pan(-0.25),
      d: () => this.pan(0.25),
      "+": () => this.zoom(0.5),
      "=": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      0: () => this.whole(),
    };
    const action = actions[event.key] ?? actions[event.key.toLowerCase()];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (this.current) action();
    else this.begin();
  }

  step(by) {
    const next = this.pieces[this.pieces.indexOf(this.current) + by];
    if (next && next.row === this.current.row) this.show(next);
  }

  // To the piece of the nearest other row that has one, the closest in time.
  jump(by) {
    const { row, from } = this.current;
    for (let other = row + by; other >= 0 && other < this.data.tasks.length; other += by) {
      const there = this.pieces.filter((piece) => piece.row === other);
      if (there.length) {
        this.show(there.reduce((best, piece) => (Math.abs(piece.from - from) < Math.abs(best.from - from) ? piece : best)));
        return;
      }
    }
  }

  // Tells a piece and moves the view if it lies outside.
  show(piece) {
    const { from, to } = this.view;
    if (piece.to < from || piece.from > to) this.look((piece.from + piece.to) / 2, to - from);
    this.tell(piece);
  }

  zoom(factor) {
    const { from, to } = this.view;
    const piece = this.current;
    const inView = piece && piece.to > from && piece.from < to;
    this.look(inView ? (Math.max(piece.from, from) + Math.min(piece.to, to)) / 2 : (from + to) / 2, (to - from) * factor);
  }

  // Sideways by a part of what is in view.
  pan(part) {
    const { from, to } = this.view;
    this.look((from + to) / 2 + part * (to - from), to - from);
  }

  // As in Perfetto: zooms about the pointer with Ctrl held, pans sideways with Shift or a touchpad; otherwise the page scrolls.
  wheel(event) {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!event.ctrlKey && !sideways) return;
    event.preventDefault();
    const { from, to } = this.view;
    if (!event.ctrlKey) {
      this.look((from + to) / 2 + (event.deltaX / this.width) * (to - from), to - from);
      return;
    }
    const share = Math.min(1, Math.max(0, (event.clientX - this.svg.getBoundingClientRect().left) / this.width));
    const factor = event.deltaY > 0 ? 1.25 : 0.8;
    this.look(from + share * (to - from) + (0.5 - share) * (to - from) * factor, (to - from) * factor);
  }

  look(middle, wanted) {
    const { from, to } = this.data;
    const span = Math.min(to - from, Math.max(2000, wanted));
    const start = Math.min(to - span, Math.max(from, middle - span / 2));
    this.view = { from: start, to: start + span };
    this.draw();
  }

  whole() {
    this.look(0, Infinity);
  }
}

function lockLegend(data) {
  const list = document.createElement("span");
  list.className = "locks";
  const used = new Set(data.tasks.flatMap((task) => [...task.holds, ...task.waits].map((span) => data.locks[span[2]][0])));
  const keys = [["state-R", "running"], ["state-runnable", "runnable"], ["state-D", "D state"], ["state-S", "asleep"], ...[...used].map((name) => [`lock-${name}`, name])];
  for (const [style, name] of keys) {
    const key = document.createElement("span");
    key.innerHTML = `<svg viewBox="0 0 14 10" aria-hidden="true"><rect class="${style}" width="14" height="10"/></svg> `;
    key.append(name);
    list.append(key);
  }
  return list;
}

// Timelines that have been drawn, by their place.
const made = new Map();

function openTimeline(place, data) {
  if (!made.has(place)) made.set(place, new Timeline(place, data));
  else made.get(place).draw();
}

// Makes the timelines of the frames in `root`: each when its frame is first opened.
export function offerTimelines(root, timelines) {
  root.querySelectorAll("[data-timeline]").forEach((place) => {
    const data = timelines[place.dataset.timeline];
    const frame = place.closest("details");
    frame.addEventListener("toggle", () => frame.open && openTimeline(place, data));
    if (frame.open) openTimeline(place, data);
  });
}

// On paper nothing stays closed.
addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((frame) => { frame.open = true; frame.dataset.closed = ""; frame.dispatchEvent(new Event("toggle")); }));
addEventListener("afterprint", () => document.querySelectorAll("details[data-closed]").forEach((frame) => { frame.open = false; delete frame.dataset.closed; }));
// They are drawn again when the page's width changes; those that have left the page are forgotten.
addEventListener("resize", () => {
  for (const [place, timeline] of made) {
    if (!place.isConnected) made.delete(place);
    else if (place.clientWidth) timeline.draw();
  }
});
