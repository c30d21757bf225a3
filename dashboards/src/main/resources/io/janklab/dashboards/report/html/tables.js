// A click on a header sorts by that column; another one turns the order round.
const UNITS = { "µs": 1e-3, ms: 1, s: 1e3 };

// "1,234", "-0.5 ms", "3.4 µs", "12 %", "< 0.001" sort as numbers; an en dash comes before all; the rest sorts as text.
function sortKey(text) {
  if (text === "–") return -Infinity;
  const number = /^[<+]?\s*(-?[\d,]*\.?\d+)\s*(µs|ms|s)?/.exec(text);
  return number ? Number(number[1].replaceAll(",", "")) * (UNITS[number[2]] ?? 1) : text;
}

const compareKeys = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));

function sortTable(table, column, direction) {
  const rows = [...table.tBodies[0].rows].map((row) => [sortKey(row.cells[column].textContent.trim()), row]);
  rows.sort((a, b) => direction * compareKeys(a[0], b[0]));
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

function makeSortable(table) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    header.replaceChildren(button);
    button.addEventListener("click", () => {
      const direction = header.getAttribute("aria-sort") === "descending" ? 1 : -1;
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", direction < 0 ? "descending" : "ascending");
      sortTable(table, column, direction);
    });
  });
}

export function sortTables(root) {
  root.querySelectorAll("table").forEach(makeSortable);
}
