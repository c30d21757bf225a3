// One state's results: the report's own parts, renewed as seeds complete.
import { drawBars } from "/report/bars.js";
import { drawCharts } from "/report/charts.js";
import { sortTables } from "/report/tables.js";
import { offerTimelines } from "/report/timeline.js";
import { commandLine, make } from "./dom.js";
import { Answer } from "./stream.js";

// A part of the report. Only what has changed in it is replaced, and nothing that the keyboard is in.
class Part {
  constructor(id) {
    this.element = make("section", { "data-part": id });
    this.sources = [];
    this.element.addEventListener("focusout", () => setTimeout(() => this.pending && this.show(this.pending.html, this.pending.timelines)));
  }

  show(html, timelines) {
    this.pending = null;
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = [...template.content.children];
    const sources = fresh.map((child) => child.outerHTML);
    const isAlike = sources.length === this.sources.length;
    if (!isAlike && this.element.contains(document.activeElement)) {
      this.pending = { html, timelines };
      return;
    }
    if (!isAlike) this.element.replaceChildren(...fresh.map((child) => this.furnished(child, timelines)));
    else fresh.forEach((child, i) => sources[i] === this.sources[i] || this.replace(i, child, html, timelines, sources));
    this.sources = sources;
  }

  replace(i, child, html, timelines, sources) {
    const old = this.element.children[i];
    if (old.contains(document.activeElement)) {
      this.pending = { html, timelines };
      sources[i] = this.sources[i];
      return;
    }
    if (old.open) child.open = true;
    old.replaceWith(child);
    this.furnished(child, timelines);
  }

  furnished(child, timelines) {
    const place = make("div", {});
    child.replaceWith(place);
    place.append(child);
    sortTables(place);
    drawBars(place);
    offerTimelines(place, timelines);
    place.replaceWith(child);
    return child;
  }
}

const hasPlace = (charts, element) => Object.hasOwn(charts, element.dataset.chart);

export class Panel {
  // `tools`: further buttons of the panel. `onFault` is told at which field what is wrong; null when nothing is.
  constructor(title, tools, onFault) {
    this.view = crypto.randomUUID();
    this.onFault = onFault;
    this.parts = new Map();
    this.headline = make("p", { class: "headline" });
    this.status = make("p", { role: "status", class: "status" });
    this.progress = make("progress", { "aria-label": "Runs that have ended", value: 0, max: 1 });
    this.stop = make("button", { type: "button", class: "stop", onclick: () => this.toggle() }, "Stop");
    this.command = make("p", { class: "command", hidden: true });
    this.files = make("p", { class: "files" });
    this.body = make("div", { class: "parts" });
    this.notes = make("pre", { class: "notes" });
    this.element = make("article", { class: "panel", "aria-label": title },
      make("div", { class: "panel-head" }, make("h2", {}, title), make("div", { class: "actions" }, this.progress, this.stop, ...tools)),
      this.status, this.headline, this.command, this.files, this.body,
      make("details", {}, make("summary", {}, "Where the workload came from"), this.notes));
  }

  // Something new is about to be asked: what is shown is of before.
  expect() {
    this.close();
    this.element.classList.add("busy", "stale");
    delete this.element.dataset.seeds;
    this.progress.removeAttribute("value");
    this.stop.textContent = "Stop";
  }

  ask(fields) {
    this.expect();
    this.fields = fields;
    this.answer = new Answer("/compare", fields, this.view, {
      plan: (plan) => this.planned(plan),
      progress: ({ ended, runs }) => this.progressed(ended, runs),
      result: (result) => this.show(result),
      fault: (fault) => this.faulty(fault),
      failure: ({ sentence }) => this.ended(`Failed: ${sentence}`),
      cancelled: () => this.ended("Stopped. What is shown is of the seeds that had ended."),
      end: () => this.ended(this.told),
    }, ["fault", "failure", "cancelled", "end"]);
  }

  close() {
    this.answer?.close();
  }

  toggle() {
    if (this.element.classList.contains("busy")) this.answer.cancel();
    else this.ask(this.fields);
  }

  planned({ command, files, notes }) {
    this.onFault(null);
    commandLine(this.command, command);
    const query = new URLSearchParams([...this.fields]);
    this.files.replaceChildren("Download: ", ...files.flatMap((file, i) => [i ? ", " : "", make("a", { href: `/file/${encodeURIComponent(file)}?${query}`, download: file }, file)]));
    this.notes.textContent = notes;
    this.status.textContent = "Simulating …";
  }

  progressed(ended, runs) {
    this.progress.max = runs;
    this.progress.value = ended;
  }

  show({ headline, parts, charts, timelines, seeds, of }) {
    this.told = seeds === 0 ? "A first look: one seed, half a second." : `${seeds} of ${of} ${of === 1 ? "seed" : "seeds"}${seeds === of ? ": done." : " so far."}`;
    this.status.textContent = this.told;
    this.element.classList.remove("stale");
    this.headline.textContent = headline;
    for (const { id, html } of parts) {
      if (!this.parts.has(id)) {
        this.parts.set(id, new Part(id));
        this.body.append(this.parts.get(id).element);
      }
      this.parts.get(id).show(html, timelines);
    }
    for (const [id, part] of this.parts) part.element.hidden = !parts.some((each) => each.id === id);
    this.element.querySelectorAll("[data-chart]").forEach((place) => hasPlace(charts, place) || place.closest("figure").remove());
    drawCharts(this.body, charts);
    this.element.dataset.seeds = seeds;
  }

  faulty({ field, sentence }) {
    const shown = this.onFault({ field, sentence });
    this.ended(shown ? "One of the settings cannot be used; it says why." : sentence);
  }

  ended(sentence) {
    this.element.classList.remove("busy");
    this.stop.textContent = "Again";
    this.progress.value = this.progress.max;
    this.status.textContent = sentence;
  }
}
