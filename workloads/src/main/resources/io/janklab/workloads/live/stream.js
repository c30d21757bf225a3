// Answers from the server as they come, and whether there is a server.
import { byId } from "./dom.js";

const RETRY_MS = 1000;
const LOOK_MS = 4000;
let lost = 0;

// Says on the page that the server does not answer, or no longer says so.
function notice(isLost) {
  const place = byId("lost");
  if (isLost === !place.hidden) return;
  place.textContent = isLost ? "The server does not answer. What is shown stays; the page goes on by itself as soon as the server is back (janklab serve)." : "";
  place.hidden = !isLost;
}

// Asks, and hands each event to the function of its name in `on`; the events in `last` end the answer. A broken connection is made again by
// itself, and the server goes on after the last event seen.
export class Answer {
  constructor(path, fields, view, on, last) {
    this.url = `${path}?${new URLSearchParams([...fields, ["view", view]])}`;
    this.view = view;
    this.on = on;
    this.last = last;
    this.open();
  }

  open() {
    this.source = new EventSource(this.url);
    for (const [name, action] of Object.entries(this.on)) {
      this.source.addEventListener(name, (event) => {
        if (this.last.includes(name)) this.close();
        action(JSON.parse(event.data));
      });
    }
    this.source.addEventListener("open", () => this.found());
    this.source.addEventListener("error", () => this.broken());
  }

  broken() {
    if (!this.isLost) {
      this.isLost = true;
      lost++;
    }
    notice(true);
    if (this.source.readyState === EventSource.CLOSED) this.retry = setTimeout(() => this.open(), RETRY_MS);
  }

  found() {
    if (this.isLost) lost--;
    this.isLost = false;
    notice(lost > 0);
  }

  // Wants nothing any more; the server is not told, for the next question of the view tells it.
  close() {
    clearTimeout(this.retry);
    this.source.close();
    this.found();
  }

  // Gives the answer up.
  cancel() {
    fetch(`/cancel?${new URLSearchParams({ view: this.view })}`, { method: "POST" }).catch(() => notice(true));
  }
}

// Looks now and then, while nothing else would tell, whether the server is still there.
setInterval(async () => {
  if (document.hidden || lost > 0) return;
  const isThere = await fetch("/health").then((response) => response.ok, () => false);
  if (lost === 0) notice(!isThere);
}, LOOK_MS);
