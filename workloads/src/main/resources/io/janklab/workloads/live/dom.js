// Elements, made in one expression.

// An element with attributes (`onclick` and the like are listeners; null and false leave an attribute out) and children.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

// A command line with a button that copies it.
export function commandLine(place, command) {
  if (place.dataset.command === command) return;
  place.dataset.command = command;
  const button = make("button", { type: "button", onclick: () => copy() }, "Copy");
  async function copy() {
    await navigator.clipboard.writeText(command);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  }
  place.hidden = false;
  place.replaceChildren(make("code", {}, command), button);
}

// Calls `action` once things have been quiet for that long (ms).
export function quietly(ms, action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };
}
