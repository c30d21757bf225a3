// The comparing page: the form, what is asked now, and what is pinned beside it.
import { offerTheme } from "/report/theme.js";
import { byId, make, quietly } from "./dom.js";
import { Form } from "./form.js";
import { Panel } from "./panel.js";
import { commit, follow, MOST_PINS, read, settle } from "./state.js";
import { Tour } from "./tour.js";

const QUIET_MS = 100;
const PHONE_PX = 820;

offerTheme(byId("theme"));
if (innerWidth < PHONE_PX) byId("controls").open = false;

const choices = await (await fetch("/choices.json")).json();
const form = new Form(byId("form"), choices, (isFinal) => changed(isFinal));
const tour = new Tour((fields, station) => move({ ...state, fields: fields ?? state.fields, station }));
const pinButton = make("button", { type: "button", onclick: () => pin() }, "Pin");
const live = new Panel("Now", [pinButton], (fault) => form.fault(fault));
let state = read();
let asked = "";
let pinned = [];

const key = (fields) => JSON.stringify([...fields]);

// Asks if the fields have changed since the last time.
function ask() {
  const wanted = key(state.fields);
  if (wanted === asked) return;
  asked = wanted;
  live.ask(state.fields);
}

const askSoon = quietly(QUIET_MS, ask);

function changed(isFinal) {
  state = { ...state, fields: new Map(form.fields) };
  if (isFinal) commit(state);
  else follow(state);
  if (key(state.fields) === asked) return;
  asked = "";
  live.expect();
  askSoon();
}

// To another state, with a way back.
function move(next) {
  state = next;
  commit(state);
  show();
}

function pin() {
  move({ ...state, pins: [...state.pins, state.fields].slice(-MOST_PINS) });
}

function unpin(index) {
  move({ ...state, pins: state.pins.filter((each, i) => i !== index) });
  pinButton.focus();
}

function pinnedPanel(fields, index) {
  const back = make("button", { type: "button", onclick: () => move({ ...state, fields: new Map(fields) }) }, "Take up");
  const off = make("button", { type: "button", onclick: () => unpin(index) }, "Unpin");
  const panel = new Panel(`Pinned ${index + 1}`, [back, off], () => false);
  panel.ask(fields);
  return { panel, key: key(fields) };
}

// Panels of pins that are still there stay as they are.
function showPins() {
  const wanted = state.pins.map(key).join();
  if (wanted !== pinned.map((pin) => pin.key).join()) {
    pinned.forEach(({ panel }) => panel.close());
    pinned = state.pins.map(pinnedPanel);
    byId("panels").replaceChildren(live.element, ...pinned.map(({ panel }) => panel.element));
  }
  byId("panels").dataset.count = 1 + pinned.length;
  // The charts take the width that there is now.
  dispatchEvent(new Event("resize"));
}

function show() {
  form.show(state.fields);
  tour.show(state.station);
  showPins();
  ask();
}

addEventListener("popstate", () => {
  state = read();
  settle(state);
  show();
});
byId("panels").append(live.element);
settle(state);
show();
