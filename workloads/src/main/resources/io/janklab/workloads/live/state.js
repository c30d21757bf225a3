// The page's state, which is its URL: fields as the server takes them; besides, states that are pinned, and where the tour is.
const PIN = "pin";
const STATION = "station";
export const MOST_PINS = 2;

// What is asked where the URL says nothing.
const FIRST = [["scenario", "scroll"], ["seeds", "10"], ["duration", "5s"]];

export function read() {
  const query = new URLSearchParams(location.search);
  const fields = [...query].filter(([name]) => name !== PIN && name !== STATION);
  return {
    fields: new Map(fields.length ? fields : FIRST),
    pins: query.getAll(PIN).slice(0, MOST_PINS).map((pin) => new Map(new URLSearchParams(pin))),
    station: query.has(STATION) ? Number(query.get(STATION)) : null,
  };
}

export function url({ fields, pins, station }) {
  const query = new URLSearchParams([...fields]);
  pins.forEach((pin) => query.append(PIN, new URLSearchParams([...pin])));
  if (station !== null) query.set(STATION, station);
  return `${location.pathname}?${query}`;
}

let committed = location.href;

// Browsers throttle pages that change their URL some twenty times a second.
const BETWEEN_CHANGES_MS = 100;
let following = null;

function replace(wanted) {
  clearTimeout(following);
  following = null;
  history.replaceState(null, "", wanted);
}

// While something is being dragged the URL follows; when it is let go, there is a way back.
export function follow(state) {
  clearTimeout(following);
  following = setTimeout(() => replace(url(state)), BETWEEN_CHANGES_MS);
}

export function commit(state) {
  const wanted = new URL(url(state), location.href).href;
  if (wanted === committed) return;
  replace(committed);
  history.pushState(null, "", wanted);
  committed = wanted;
}

// The URL as it stands is where one comes back to.
export function settle(state) {
  replace(url(state));
  committed = location.href;
}
