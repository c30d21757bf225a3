// The Explore page: a litmus, a rule that the kernel lacks, and the schedule that shows it, step by step.
import { offerTheme } from "/report/theme.js";
import { byId, commandLine, make } from "./dom.js";
import { Answer } from "./stream.js";

const STEP_MS = 900;
const FIELDS = ["rule", "litmus", "kernel", "arch", "strategy"];
// A switch that the rule belongs to, where it belongs to a proposal; not on offer, and in the URL as any other field.
const SET = "set";

offerTheme(byId("theme"));
const choices = await (await fetch("/litmuses.json")).json();
const view = crypto.randomUUID();
let answer = null;
let playback = null;
let at = -1;
let timer = null;
let setting = "";

const names = (list) => list.map((each) => [each, each]);
const short = (rule) => rule.replace(/^rule\./, "");

function select(field, label, options) {
  const input = make("select", { id: `f-${field}`, "aria-describedby": `f-${field}-fault`, onchange: () => chosen(field) }, ...options.map(([value, text]) => make("option", { value }, text)));
  return make("div", { class: "field" }, make("label", { for: `f-${field}` }, label), input, make("span", { class: "fault", id: `f-${field}-fault`, role: "alert" }));
}

function build() {
  const rules = choices.rules.map(({ key, meaning }) => [short(key), `${short(key)}: ${meaning}`]);
  byId("form").append(
    select("rule", "Rule that the kernel lacks", [["", "none: the kernel as it is"], ...rules]),
    select("litmus", "Litmus", names(choices.litmuses.map(({ name }) => name))),
    select("kernel", "Kernel", names(choices.kernels)),
    select("arch", "Machine", names(["arm64", "x86-64"])),
    select("strategy", "How schedules are chosen", names(["random", "pct:2", "pct:3", "pct:4"])));
  byId("states").append(make("h2", { id: "states-title" }, "What a task may rely on"),
    make("p", {}, "The valid lock states of an address space (process_addrs.rst); the row in force for the task of the step is lit."),
    make("div", { class: "wide" }, make("table", {},
      make("thead", {}, make("tr", {}, ...["mmap_lock", "VMA lock", "rmap lock", "stable", "write most", "write all", "in force for"].map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, ...choices.lockStates.map((row, i) => make("tr", { "data-row": i }, ...[row.mmapLock, row.vmaLock, row.rmapLock, yes(row.stable), yes(row.writeMost), yes(row.writeAll), ""].map((text) => make("td", {}, text))))))));
}

const yes = (flag) => (flag ? "yes" : "no");
const value = (field) => byId(`f-${field}`).value;

// A field of the URL that is not on offer is shown all the same.
function put(field, wanted) {
  const input = byId(`f-${field}`);
  if (![...input.options].some((option) => option.value === wanted)) input.append(make("option", { value: wanted }, wanted));
  input.value = wanted;
}

// A rule brings the litmus that shows it.
function chosen(field) {
  if (field === "rule") suit(value("rule"));
  stopPlaying();
  search(true);
}

function suit(rule) {
  const known = choices.catches.find((each) => short(each.rule) === rule);
  setting = known?.set ?? "";
  if (!known) return;
  put("litmus", known.litmus);
  put("strategy", known.strategy);
}

const fields = () => new Map([...FIELDS.map((field) => [field, value(field)]), [SET, setting]].filter(([, text]) => text !== ""));

function remember(isNew) {
  const query = new URLSearchParams([...fields()]);
  if (!fields().has("rule")) query.set("rule", "");
  if (at > 0) query.set("step", at + 1);
  const url = `${location.pathname}?${query}`;
  if (isNew) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
}

// Looks for a schedule that breaks a rule.
function search(isNew, step = 0, thenPlay = false) {
  answer?.close();
  playback = null;
  at = -1;
  if (isNew) remember(true);
  fault(null);
  byId("story").textContent = choices.litmuses.find(({ name }) => name === value("litmus"))?.story ?? "";
  byId("schedule").replaceChildren();
  byId("command").hidden = true;
  byId("status").textContent = "Looking for a schedule that breaks a rule …";
  enable();
  light();
  answer = new Answer("/litmus", fields(), view, {
    progress: ({ schedules, most }) => (byId("status").textContent = `${schedules.toLocaleString("en")} of ${most.toLocaleString("en")} schedules …`),
    playback: (found) => show(found, step, thenPlay),
    fault,
    failure: ({ sentence }) => (byId("status").textContent = `Failed: ${sentence}`),
    cancelled: () => {},
    end: () => {},
  }, ["fault", "failure", "cancelled", "end"]);
}

function fault(found) {
  for (const place of byId("form").querySelectorAll(".fault")) place.textContent = "";
  if (!found) return;
  const place = byId(`f-${found.field}-fault`);
  if (place) place.textContent = found.sentence;
  byId("status").textContent = place ? "One of the settings cannot be used; it says why." : found.sentence;
}

function show(found, step, thenPlay) {
  playback = found;
  byId("status").textContent = found.sentence;
  if (!found.steps) return enable();
  commandLine(byId("command"), found.command);
  const header = make("tr", {}, ...["step", ...found.columns, "the task holds"].map((text) => make("th", { scope: "col" }, text)));
  const rows = found.steps.map((each, i) =>
    make("tr", { "data-step": i, onclick: () => go(i) }, make("th", { scope: "row" }, String(i + 1)),
      ...found.columns.map((who) => make("td", {}, who === each.who ? each.does : "")), make("td", { class: "holds" }, each.holds)));
  const table = make("table", { tabindex: "0", "aria-label": "Schedule: arrow keys go from step to step" }, make("thead", {}, header), make("tbody", {}, ...rows));
  byId("schedule").replaceChildren(make("div", { class: "wide" }, table), make("p", { class: "broken", hidden: true }, found.rule));
  go(Math.min(step, found.steps.length - 1));
  if (thenPlay) play();
}

function go(step) {
  if (!playback?.steps || step < 0 || step >= playback.steps.length) return;
  at = step;
  const each = playback.steps[step];
  byId("schedule").querySelectorAll("tbody tr").forEach((row, i) => {
    row.classList.toggle("now", i === step);
    row.classList.toggle("later", i > step);
    row.toggleAttribute("aria-current", i === step);
    if (i === step) row.setAttribute("aria-current", "step");
  });
  byId("schedule").querySelector("tr.now").scrollIntoView({ block: "nearest" });
  const isLast = step === playback.steps.length - 1;
  byId("schedule").querySelector(".broken").hidden = !isLast;
  byId("position").textContent = `step ${step + 1} of ${playback.steps.length}`;
  byId("status").textContent = `Step ${step + 1}: ${each.who} ${each.does}; holds ${each.holds}.${isLast ? ` ${playback.sentence}` : ""}`;
  remember(false);
  enable();
  light();
}

// The rows in force: for each task the one of its latest step.
function light() {
  const latest = new Map();
  if (playback?.steps) playback.steps.slice(0, at + 1).forEach(({ who, row }) => latest.set(who, row));
  const now = at >= 0 ? playback.steps[at] : null;
  for (const row of byId("states").querySelectorAll("tbody tr")) {
    const index = Number(row.dataset.row);
    row.classList.toggle("lit", now?.row === index);
    row.lastElementChild.textContent = [...latest].filter(([, inForce]) => inForce === index).map(([who]) => who).join(", ");
  }
}

function enable() {
  const steps = playback?.steps?.length ?? 0;
  byId("back").disabled = byId("first").disabled = at <= 0;
  byId("forward").disabled = byId("last").disabled = at < 0 || at >= steps - 1;
  byId("play").textContent = timer ? "Pause" : "Play";
  if (!steps) byId("position").textContent = "";
}

function stopPlaying() {
  clearInterval(timer);
  timer = null;
  enable();
}

function play() {
  if (at >= playback.steps.length - 1) go(0);
  timer = setInterval(() => {
    if (at < playback.steps.length - 1) go(at + 1);
    else stopPlaying();
  }, STEP_MS);
  enable();
}

function playOrPause() {
  if (timer) stopPlaying();
  else if (playback?.steps) play();
  else search(false, 0, true);
}

const KEYS = {
  ArrowRight: () => go(at + 1),
  ArrowDown: () => go(at + 1),
  ArrowLeft: () => go(at - 1),
  ArrowUp: () => go(at - 1),
  Home: () => go(0),
  End: () => go((playback?.steps?.length ?? 0) - 1),
};

document.addEventListener("keydown", (event) => {
  const action = KEYS[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("select, input")) return;
  event.preventDefault();
  stopPlaying();
  action();
});
byId("play").addEventListener("click", playOrPause);
byId("back").addEventListener("click", () => (stopPlaying(), go(at - 1)));
byId("forward").addEventListener("click", () => (stopPlaying(), go(at + 1)));
byId("first").addEventListener("click", () => (stopPlaying(), go(0)));
byId("last").addEventListener("click", () => (stopPlaying(), go(playback.steps.length - 1)));

// What the URL says; where it says nothing, the first rule and what catches it.
function fromUrl() {
  const query = new URLSearchParams(location.search);
  const [first] = choices.catches;
  put("kernel", query.get("kernel") ?? choices.kernel);
  put("arch", query.get("arch") ?? choices.architecture);
  put("rule", query.get("rule") ?? short(first.rule));
  put("litmus", first.litmus);
  put("strategy", first.strategy);
  suit(value("rule"));
  setting = query.get(SET) ?? setting;
  if (query.has("litmus")) put("litmus", query.get("litmus"));
  if (query.has("strategy")) put("strategy", query.get("strategy"));
  search(false, Number(query.get("step") ?? 1) - 1);
}

addEventListener("popstate", fromUrl);
build();
fromUrl();
