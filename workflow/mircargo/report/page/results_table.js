/**
 * The table of results: sorted, filtered, and marked with all else.
 *
 * @import { Contrast } from "./model.js"
 * @import { Row } from "./tables.js"
 * @typedef {{feature: string, call: string, cells: Row, numbers: Record<string, number>}} Result
 * @typedef {{name: string, title: string, show?: (value: number) => string, missing?: number, wide?: boolean}} Column
 */

import { make, select } from "./dom.js";
import { holds, importScript, readTable, readText, save } from "./files.js";
import { lastPinned, paintMarks } from "./marking.js";
import { formatCount, formatP, formatShare, formatSigned } from "./numbers.js";
import { indexByFeature, quoteCell, toNumber } from "./tables.js";

/** @type {Column[]} */
const COLUMNS = [
  { name: "feature", title: "miRNA" },
  { name: "log2FoldChange", title: "log2 FC", show: formatSigned, missing: -Infinity },
  { name: "ci_low", title: "from", show: formatSigned, missing: -Infinity },
  { name: "ci_high", title: "to", show: formatSigned, missing: -Infinity },
  { name: "padj", title: "padj", show: formatP, missing: Infinity },
  { name: "baseMean", title: "mean count", show: formatCount, missing: -1 },
  { name: "call", title: "call" },
  { name: "status", title: "status" },
  { name: "share_same_call", title: "re-analyses with<br>the same call", show: formatShare, missing: -1 },
];
/** @type {Column[]} */
const EXOSOME_COLUMNS = [
  { name: "tier", title: "co-cargo" },
  { name: "class", title: "class" },
];
/** @type {Column} */
const CAUTIONS = { name: "cautions", title: "cautions", wide: true };
const FROM_ROBUSTNESS = ["call", "share_same_call", "n_variants", "n_same_call"];
const FROM_CO_CARGO = EXOSOME_COLUMNS.map((column) => column.name);
const SHOWN_NUMBERS = COLUMNS.filter((column) => column.show).map((column) => column.name);
const NUMBERS = [...SHOWN_NUMBERS, "pvalue", "n_variants", "n_same_call"];
/** @type {Record<string, string>} */
const CALL_FILTERS = { up: "^up$", down: "^down$", called: "^(up|down)$", "not called": "^(?!up$|down$)" };

/** @type {any} the class of DataTables */
let DataTable;
/** @type {any} the table that is shown */
let table;
/** @type {Column[]} */
let columns = [];

export async function loadTable() {
  // Our style comes after it, and so decides.
  document.head.prepend(make("style", { textContent: await readText("scripts/table.css") }));
  DataTable = (await importScript("scripts/table.js")).default;
}

/** @param {Row | undefined} row @param {string[]} names */
function pick(row, names) {
  return Object.fromEntries(names.map((name) => [name, row?.[name] ?? "NA"]));
}

/**
 * Join what is known of each miRNA in a contrast.
 *
 * @param {Contrast} contrast
 * @returns {Promise<Result[]>}
 */
export async function readResults(contrast) {
  const differential = await readTable(`differential/${contrast.name}.tsv`);
  const robustness = indexByFeature(await readTable(`robustness/${contrast.name}.tsv`));
  const cautions = indexByFeature(await readTable(`cargo/qpcr/${contrast.name}.tsv`));
  const coCargo = holds("cargo/co_cargo.tsv") ? await readTable("cargo/co_cargo.tsv") : [];
  const ofContrast = indexByFeature(coCargo.filter((row) => row.contrast === contrast.name));
  return differential.map((row) => {
    const { feature } = row;
    const stressed = pick(robustness.get(feature), FROM_ROBUSTNESS);
    const cells = { ...row, ...stressed, ...pick(cautions.get(feature), [CAUTIONS.name, "caution_kinds"]), ...pick(ofContrast.get(feature), FROM_CO_CARGO) };
    const numbers = Object.fromEntries(NUMBERS.map((name) => [name, toNumber(cells[name])]));
    return { feature, call: stressed.call, cells, numbers };
  });
}

/** @param {string} name @param {string} cell @returns {string} HTML; a miRNA's name stays as it is written */
function cellHtml(name, cell) {
  if (cell === "NA") return "–";
  return make("span", { textContent: name === "feature" ? cell : cell.replaceAll("_", " ") }).innerHTML;
}

/** @param {Column} column */
export function makeColumn({ name, title, show, missing, wide }) {
  /** @param {Result} row @param {string} purpose of DataTables: display, sort, filter or type */
  const data = (row, purpose) => {
    const cell = row.cells[name] ?? "NA";
    if (!show) return purpose === "display" ? cellHtml(name, cell) : cell === "NA" ? "" : cell;
    const value = row.numbers[name];
    return purpose === "display" ? show(value) : Number.isNaN(value) ? missing : value;
  };
  return {
    title,
    data,
    type: show ? "num" : "string",
    className: show ? "n" : wide ? "wide" : "",
    createdCell: name === "feature" ? fillNameCell : undefined,
  };
}

/** @param {HTMLElement} cell @param {unknown} _data @param {Result} row */
function fillNameCell(cell, _data, { feature }) {
  const properties = /** @type {const} */ ({ type: "button", className: "mirna", textContent: feature });
  cell.replaceChildren(make("button", properties, { "data-feature": feature }));
}

/** @param {Result[]} rows @param {Record<string, string[]>} names other names of each feature */
export function showTable(rows, names) {
  table?.destroy(true);
  const element = make("table", { id: "results", className: "display compact" });
  element.setAttribute("aria-labelledby", "results-title");
  select("#results-holder").replaceChildren(element);
  const withCargo = rows.some((row) => row.cells.class !== "NA" || row.cells.tier !== "NA");
  columns = [...COLUMNS, ...(withCargo ? EXOSOME_COLUMNS : []), CAUTIONS];
  /** @param {Result} row */
  const otherNames = (row) => (names[row.feature] ?? []).join(" ");
  table = drawTable(element, rows, {
    columns: [...columns.map(makeColumn), { title: "other names", visible: false, data: otherNames }],
    order: [[columns.findIndex((column) => column.name === "padj"), "asc"]],
  });
  select("#call", HTMLSelectElement).value = "";
}

/**
 * @param {HTMLElement} element a table
 * @param {Result[]} rows
 * @param {object} own its columns, and what else it sets of DataTables
 * @returns {any} the table of DataTables
 */
export function drawTable(element, rows, own) {
  return new DataTable(element, {
    data: rows,
    pageLength: 25,
    lengthMenu: [10, 25, 100, 500],
    autoWidth: false,
    scrollX: false,
    /** @param {HTMLElement} element @param {Result} row */
    createdRow: (element, row) => {
      element.dataset.feature = row.feature;
    },
    drawCallback: paintMarks,
    language: { search: "Filter (any name): ", emptyTable: "no miRNA" },
    ...own,
  });
}

/** Filter by call. */
export function filterCalls() {
  const pattern = CALL_FILTERS[select("#call", HTMLSelectElement).value] ?? "";
  const at = columns.findIndex((column) => column.name === "call");
  table.column(at).search(pattern, { regex: true, smart: false }).draw();
}

/** @returns {Result[]} what the table shows, on all its pages, in its order */
function shownRows() {
  return table.rows({ order: "current", search: "applied" }).data().toArray();
}

/** Turn to the page of the miRNA that was pinned last, if the table holds it. */
export function showPinnedRow() {
  const at = shownRows().findIndex((row) => row.feature === lastPinned());
  const page = Math.floor(at / table.page.len());
  if (at >= 0 && page !== table.page()) table.page(page).draw("page");
}

/** Bring the row of the miRNA that was pinned last into view, or its charts where the table does not show it. */
export function goToPinnedRow() {
  showPinnedRow();
  const row = document.querySelector(`#results tr[data-feature="${CSS.escape(lastPinned())}"]`);
  (row ?? select("#explore")).scrollIntoView({ block: row ? "center" : "start" });
}

/** Save what the table shows, with the digits of the result files. @param {string} name of the file */
export function saveShown(name) {
  const header = columns.map((column) => column.name);
  const lines = shownRows().map((row) => header.map((column) => quoteCell(row.cells[column] ?? "NA")));
  save(name, [header, ...lines].map((cells) => `${cells.join("\t")}\n`).join(""));
}
