// Five stations for students, each a live configuration.
import { byId, make } from "./dom.js";

const STATIONS = await (await fetch("/tour.json")).json();

export class Tour {
  // `go(fields, station)` puts the page into a station's state.
  constructor(go) {
    this.go = go;
    this.place = byId("tour");
    byId("tour-open").addEventListener("click", () => this.visit(0));
  }

  visit(station) {
    this.go(new Map(Object.entries(STATIONS[station].fields)), station);
    this.place.querySelector("h2").focus();
  }

  leave() {
    this.go(null, null);
    byId("tour-open").focus();
  }

  // Shows that station; null for none.
  show(station) {
    const at = STATIONS[station];
    this.place.hidden = !at;
    if (!at) return;
    const button = (label, action, isOff) => make("button", { type: "button", disabled: isOff, onclick: action }, label);
    this.place.replaceChildren(
      make("h2", { id: "tour-title", tabindex: "-1" }, `${station + 1} of ${STATIONS.length}: ${at.title}`),
      make("p", {}, at.text),
      make("p", {}, make("strong", {}, "Try: "), at.task),
      make("div", { class: "actions" },
        button("← Previous", () => this.visit(station - 1), station === 0),
        button("Next →", () => this.visit(station + 1), station === STATIONS.length - 1),
        button("As the station had it", () => this.visit(station)),
        button("End the tour", () => this.leave())));
  }
}
