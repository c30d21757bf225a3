// The settings: one control for each field of the state; what is not set is what the command line would take.
import { byId, make } from "./dom.js";

const SIDES = { a: "A", b: "B" };
const DEFAULT_KERNELS = { a: "6.12", b: "6.17" };
const DEFAULT_DEVICE = "pixel-6";
const DEFAULT_SCENARIO = "scroll";
const idOf = (field) => `f-${field.replace(/[^\w-]/g, "_")}`;

export class Form {
  // `changed(isFinal)` is called when a control has changed: not finally while it is being dragged or typed into.
  constructor(root, choices, changed) {
    this.root = root;
    this.choices = choices;
    this.changed = changed;
    this.fields = new Map();
    this.build();
    root.addEventListener("submit", (event) => event.preventDefault());
  }

  build() {
    const { devices, scenarios, recordings } = this.choices;
    const names = (list) => list.map(({ name, description }) => [name, `${name}: ${description}`]);
    this.root.replaceChildren(
      make("fieldset", {}, make("legend", {}, "Kernels"), ...Object.keys(SIDES).map((side) => this.kernel(side)), this.switches()),
      make("fieldset", {}, make("legend", {}, "Workload"),
        this.select("device", "Device", [["", `${DEFAULT_DEVICE} (default)`], ...names(devices).filter(([name]) => name !== DEFAULT_DEVICE)]),
        this.select("scenario", "Scenario", names(scenarios)),
        recordings.length ? this.select("recording", "Recording", [["", "none: the scenario"], ...recordings.map((name) => [name, name])]) : null),
      make("fieldset", { class: "rates" }, make("legend", {}, "Rates"), ...this.choices.rates.map((rate) => this.slider(rate))),
      make("fieldset", {}, make("legend", {}, "More settings"), this.others(), this.adder()),
      make("fieldset", { class: "short" }, make("legend", {}, "How much"),
        this.number("seeds", "Seeds", { min: 1, max: 100, placeholder: 10 }, "1 to 100; default 10"),
        this.text("duration", "Virtual time of a run", "the scenario's", "such as 5s or 800ms"),
        this.check("bound", "Also run A with every lock granted at once: the bound of all that a change of locks can win")),
      make("p", { class: "fault", id: idOf("") + "-fault", role: "alert" }),
      make("button", { type: "button", onclick: () => this.reset() }, "Everything as in production"));
  }

  // A control with its label, a hint, and room for what is wrong with it.
  control(field, label, input, hint, extra) {
    const id = idOf(field);
    input.id = id;
    input.dataset.field = field;
    input.setAttribute("aria-describedby", `${id}-hint ${id}-fault`);
    return make("div", { class: "field", "data-of": field },
      make("label", { for: id }, label), extra, input,
      make("span", { class: "hint", id: `${id}-hint` }, hint ?? ""),
      make("span", { class: "fault", id: `${id}-fault`, role: "alert" }));
  }

  set(field, value, isFinal = true) {
    if (value === "" || value === null) this.fields.delete(field);
    else this.fields.set(field, value);
    this.settle(field, value);
    this.marks();
    this.changed(isFinal);
  }

  // A recording is run whole and instead of a scenario: what belongs to the one makes way for the other.
  settle(field, value) {
    if (field === "recording" && value) this.fields = new Map([...this.fields].filter(([each]) => /^([ab]\..*|device|recording|seeds|bound)$/.test(each)));
    if (field === "scenario" || field === "duration" || this.choices.rates.some(({ key }) => key === field)) this.fields.delete("recording");
  }

  select(field, label, options, hint) {
    const input = make("select", { onchange: () => this.set(field, input.value) }, ...options.map(([value, text]) => make("option", { value }, text)));
    return this.control(field, label, input, hint);
  }

  number(field, label, attributes, hint) {
    const input = make("input", { type: "number", inputmode: "numeric", ...attributes, oninput: () => this.set(field, input.value, false), onchange: () => this.set(field, input.value) });
    return this.control(field, label, input, hint);
  }

  text(field, label, placeholder, hint) {
    const input = make("input", { type: "text", placeholder, oninput: () => this.set(field, input.value.trim(), false), onchange: () => this.set(field, input.value.trim()) });
    return this.control(field, label, input, hint);
  }

  check(field, label) {
    const input = make("input", { type: "checkbox", onchange: () => this.set(field, input.checked ? "on" : null) });
    const control = this.control(field, label, input, "");
    control.classList.add("check");
    return control;
  }

  kernel(side) {
    const kernels = Object.keys(this.choices.kernels);
    return this.select(`${side}.kernel`, `Kernel ${SIDES[side]}`, kernels.map((kernel) => [kernel, kernel === DEFAULT_KERNELS[side] ? `${kernel} (default)` : kernel]));
  }

  switches() {
    const rows = this.choices.switches.map(({ key, choices, meaning }) =>
      make("div", { class: "switch" }, make("p", { class: "key" }, make("code", {}, key), " ", meaning),
        make("div", { class: "pair" }, ...Object.keys(SIDES).map((side) => this.select(`${side}.${key}`, SIDES[side], [["", "as released"], ...choices.map((choice) => [choice, choice])])))));
    this.switchCount = make("summary", {}, "Switches");
    return make("details", { class: "switches" }, this.switchCount, ...rows);
  }

  slider({ key, label, unit, from, to, step, allowed, meaning }) {
    const box = make("input", { type: "text", inputmode: "decimal", class: "box", oninput: () => move(box.value.trim(), false), onchange: () => move(box.value.trim(), true) });
    const range = make("input", { type: "range", min: from, max: to, step, list: `${idOf(key)}-default`, oninput: () => move(range.value, false), onchange: () => move(range.value, true) });
    const move = (value, isFinal) => this.set(key, Number(value) === Number(this.standard(key)) ? "" : value, isFinal);
    range.dataset.slider = key;
    range.setAttribute("aria-label", `${label}, ${unit}`);
    const control = this.control(key, `${label} (${unit})`, box, "");
    control.title = `${key}, ${allowed}. ${meaning}`;
    control.insertBefore(make("datalist", { id: `${idOf(key)}-default` }), box.nextSibling);
    control.insertBefore(range, box.nextSibling);
    control.append(make("button", { type: "button", class: "undo", hidden: true, "aria-label": `${label}: as in the scenario`, onclick: () => this.set(key, "") }, "Reset"));
    return control;
  }

  others() {
    return (this.more = make("div", { class: "more" }));
  }

  adder() {
    const side = make("select", { "aria-label": "Whose setting" }, make("option", { value: "" }, "A and B"), ...Object.entries(SIDES).map(([value, name]) => make("option", { value: `${value}.` }, `${name} only`)));
    const key = make("input", { type: "text", list: "keys", placeholder: "key", "aria-label": "Key of a setting" });
    const value = make("input", { type: "text", placeholder: "value", "aria-label": "Its value" });
    const add = () => {
      if (key.value.trim() && value.value.trim()) this.set(side.value + key.value.trim(), value.value.trim());
      key.value = value.value = "";
    };
    const keys = [...this.choices.keys, ...this.choices.switches.map((each) => each.key)];
    return make("div", { class: "adder" }, side, key, value, make("button", { type: "button", onclick: add }, "Add"), make("datalist", { id: "keys" }, ...keys.map((each) => make("option", { value: each }))));
  }

  reset() {
    const kept = ["scenario", "recording", "seeds", "duration"];
    this.show(new Map([...this.fields].filter(([field]) => kept.includes(field))));
    this.changed(true);
  }

  standard(key) {
    const scenario = this.choices.scenarios.find(({ name }) => name === (this.fields.get("scenario") ?? DEFAULT_SCENARIO)) ?? this.choices.scenarios[0];
    return scenario.rates[key];
  }

  // Puts the controls where the fields are.
  show(fields) {
    this.fields = new Map(fields);
    this.more.replaceChildren();
    this.marks();
  }

  marks() {
    const { fields } = this;
    this.furnishMore();
    const defaults = { scenario: DEFAULT_SCENARIO, "a.kernel": DEFAULT_KERNELS.a, "b.kernel": DEFAULT_KERNELS.b };
    for (const input of this.root.querySelectorAll("[data-field]")) {
      const { field } = input.dataset;
      const rate = this.choices.rates.find(({ key }) => key === field);
      const value = fields.get(field) ?? defaults[field] ?? (rate ? this.standard(field) : "");
      if (input.type === "checkbox") input.checked = value === "on";
      else if (document.activeElement !== input || !fields.has(field)) this.put(input, value);
      if (rate) this.markRate(input, rate, value);
      else if (/^[ab]\./.test(field) && !field.endsWith(".kernel")) this.markSwitch(input, field);
    }
    const changed = [...fields.keys()].filter((field) => /^[ab]\./.test(field) && !field.endsWith(".kernel")).length;
    this.switchCount.textContent = changed ? `Switches (${changed} not as released)` : "Switches";
  }

  // A value that is not on offer is shown all the same, for the fault beside it to make sense.
  put(input, value) {
    if (input.tagName === "SELECT" && ![...input.options].some((option) => option.value === value)) input.append(make("option", { value }, value));
    input.value = value;
  }

  markRate(input, { key, unit }, value) {
    const control = input.closest(".field");
    const range = control.querySelector("[type=range]");
    const standard = this.standard(key);
    range.value = value;
    range.setAttribute("aria-valuetext", `${value} ${unit}`);
    control.querySelector("datalist").replaceChildren(make("option", { value: standard }));
    const isChanged = this.fields.has(key);
    control.classList.toggle("changed", isChanged);
    control.querySelector(".undo").hidden = !isChanged;
    control.querySelector(".hint").textContent = isChanged ? `not as in the scenario: ${standard}` : "as in the scenario";
  }

  markSwitch(input, field) {
    const side = field[0];
    const key = field.slice(2);
    const device = this.choices.devices.find(({ name }) => name === (this.fields.get("device") ?? DEFAULT_DEVICE)) ?? this.choices.devices[0];
    const kernel = this.fields.get(`${side}.kernel`) ?? DEFAULT_KERNELS[side];
    const released = this.choices.kernels[kernel]?.[device.architecture]?.[key];
    const control = input.closest(".field");
    const isChanged = this.fields.has(field) && this.fields.get(field) !== released;
    control.classList.toggle("changed", isChanged);
    control.querySelector(".hint").textContent = released === undefined ? "" : isChanged ? `not as ${kernel} has it: ${released}` : `${kernel}: ${released}`;
  }

  // Settings that have no control of their own.
  furnishMore() {
    const has = (field) => [...this.root.querySelectorAll("[data-field]")].some((input) => input.dataset.field === field && !this.more.contains(input));
    const wanted = [...this.fields.keys()].filter((field) => !has(field));
    const shown = [...this.more.querySelectorAll("[data-field]")].map((input) => input.dataset.field);
    if (wanted.join() === shown.join()) return;
    this.more.replaceChildren(...wanted.map((field) => {
      const control = this.text(field, field.replace(/^([ab])\./, (all, side) => `${SIDES[side]}: `), "", "");
      control.classList.add("changed");
      control.append(make("button", { type: "button", "aria-label": `Remove ${field}`, onclick: () => this.set(field, "") }, "Remove"));
      return control;
    }));
  }

  // Shows at its field what is wrong; takes what was shown before away. Says whether there was a place.
  fault(fault) {
    for (const place of this.root.querySelectorAll(".fault")) place.textContent = "";
    for (const input of this.root.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    if (!fault) return true;
    const input = byId(idOf(fault.field));
    const place = byId(`${idOf(fault.field)}-fault`);
    if (!place) return false;
    place.textContent = fault.sentence;
    input?.setAttribute("aria-invalid", "true");
    place.closest("details")?.setAttribute("open", "");
    return true;
  }
}
