// Five stations for students, each a live configuration.
import { byId, make } from "./dom.js";

const STATIONS = [
  {
    title: "What mmap_lock is",
    text: "One lock, mmap_lock, covers a process's whole address space: whoever maps, unmaps or discards memory takes it, and on kernel 6.1 so does every page fault. Here a second thread of the app maps and unmaps all the time, and the UI thread's faults wait for it; on 6.17 they need not.",
    task: "Drag “Another thread maps and unmaps” to 0, and see 6.1 come down to 6.17.",
    fields: { "a.kernel": "6.1", "b.kernel": "6.17", scenario: "map-churn", "mapper.perS": "400", seeds: "6", duration: "3s" },
  },
  {
    title: "A reader behind a writer",
    text: "mmap_lock is fair: once a writer waits for it, readers that come later wait behind that writer, though the holder is a reader like them. So one long reader and one short writer are enough to stop the UI thread.",
    task: "Look at the chains under “Priority inversion”: who waits for a task that only waits itself? Then let another process read the app's memory more often.",
    fields: { "a.kernel": "6.1", "b.kernel": "6.12", scenario: "remote-reader", seeds: "6", duration: "3s" },
  },
  {
    title: "The preempted holder",
    text: "A holder of low priority can lose its core while it holds the lock, and then everybody waits for whoever runs there instead. The kernel's rwsem lends no priority; rwsem.policy=inherit tries what would be if it did.",
    task: "Open the latest frame and find the holder that does not run (pale). Then raise the background load.",
    fields: { "a.kernel": "6.1", "b.kernel": "6.1", "b.rwsem.policy": "inherit", scenario: "gc-storm", "load.background.share": "0.5", seeds: "6", duration: "3s" },
  },
  {
    title: "VMA locks",
    text: "Since 6.4 each mapping has a lock of its own, which a fault takes instead of mmap_lock; since 6.17 madvise takes it too. The purging of the HeapTaskDaemon then stops nobody but those who use the same mapping.",
    task: "Look at “madvise: by which lock, and why” on both sides; then set the switch madvise.dontneed.lock of B to mmap.",
    fields: { "a.kernel": "6.12", "b.kernel": "6.17", scenario: "gc-storm", seeds: "6", duration: "3s" },
  },
  {
    title: "What is left",
    text: "mmap, munmap and faults on a mapping's first touch still take mmap_lock, and a VMA's writer still waits for its readers. The bound, kernel A with every lock granted at once, shows what is left to win for any change of locks.",
    task: "Compare B's curve with the bound; then try UI thread's own work at 3000 µs: no lock helps there.",
    fields: { "a.kernel": "6.17", "b.kernel": "7.2", scenario: "map-churn", seeds: "6", duration: "3s", bound: "on" },
  },
];

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
