// A report's own page: everything is there, and is drawn once.
import { drawBars } from "./bars.js";
import { drawCharts } from "./charts.js";
import { sortTables } from "./tables.js";
import { offerTheme } from "./theme.js";
import { offerTimelines } from "./timeline.js";

const { charts, timelines } = JSON.parse(document.getElementById("data").textContent);
offerTheme(document.getElementById("theme"));
sortTables(document);
drawBars(document);
drawCharts(document, charts);
offerTimelines(document, timelines);
