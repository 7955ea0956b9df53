/**
 * The table of results: sorted, filtered, and marked with all else.
 *
 * @import { Contrast } from "./model.js"
 * @import { Row } from "./tables.js"
 * @import { TableState } from "./address.js"
 * @import { Column, Result } from "./data_table.js"
 */

import { FIRST_TABLE } from "./address.js";
import { drawTable, headingOf, LENGTHS, makeColumn } from "./data_table.js";
import { make, select } from "./dom.js";
import { holds, readTable, save } from "./files.js";
import { lastPinned } from "./marking.js";
import { formatCount, formatP, formatShare, formatSigned } from "./numbers.js";
import { indexByFeature, quoteCell, toNumber } from "./tables.js";
import { lookedCall, lookedThresholds, nameOfLookedCall } from "./thresholds.js";

/** @type {Column[]} */
const COLUMNS = [
  { name: "feature", title: "miRNA" },
  { name: "log2FoldChange", title: "log2 FC", meaning: "log2-fold-change", show: formatSigned, missing: -Infinity },
  { name: "ci_low", title: "from", meaning: "interval", show: formatSigned, missing: -Infinity },
  { name: "ci_high", title: "to", meaning: "interval", show: formatSigned, missing: -Infinity },
  { name: "padj", title: "padj", meaning: "padj", show: formatP, missing: Infinity },
  { name: "baseMean", title: "mean count", meaning: "mean-count", show: formatCount, missing: -1 },
  { name: "looked", title: "call looked at" },
  { name: "call", title: "call", meaning: "call" },
  { name: "status", title: "status", meaning: "not-tested" },
  { name: "share_same_call", title: "re-analyses<br>with the<br>same call", meaning: "re-analysis", show: formatShare, missing: -1 },
];
/** @type {Column[]} */
const EXOSOME_COLUMNS = [
  { name: "tier", title: "co-cargo", meaning: "tier" },
  { name: "class", title: "class", meaning: "class" },
];
/** @type {Column} */
const CAUTIONS = { name: "cautions", title: "cautions", meaning: "caution", wide: true };
const FROM_ROBUSTNESS = ["call", "share_same_call", "n_variants", "n_same_call"];
const FROM_CO_CARGO = EXOSOME_COLUMNS.map((column) => column.name);
const SHOWN_NUMBERS = COLUMNS.filter((column) => column.show).map((column) => column.name);
const NUMBERS = [...SHOWN_NUMBERS, "lfcSE", "pvalue", "n_variants", "n_same_call"];
/** Titles while other thresholds are looked at, so that it is plain which call is meant. @type {Record<string, string>} */
const TITLES_WHEN_LOOKING = { call: "call as configured", share_same_call: "re-analyses with<br>the configured call" };
/** @type {Record<string, ((call: string) => boolean) | undefined>} */
const CALL_FILTERS = {
  up: (call) => call === "up",
  down: (call) => call === "down",
  called: isChange,
  "not called": (call) => !isChange(call),
};

/** @type {any} the table that is shown */
let table;
/** @type {Column[]} */
let columns = [];
/** @type {() => void} */
let onDraw = () => {};

/** @param {string} call */
function isChange(call) {
  return call === "up" || call === "down";
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

/** @param {Result} row @param {string} name of a column @returns {string} */
function cellOf(row, name) {
  return name === "looked" ? lookedCall(row) : (row.cells[name] ?? "NA");
}

/** @param {Column} column what DataTables is told of it; the call that is looked at is shown only then */
function ofResults(column) {
  if (column.name !== "looked") return makeColumn(column);
  return { ...makeColumn(column, lookedCall), visible: false, searchable: false };
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
    columns: [...columns.map(ofResults), { title: "other names", visible: false, data: otherNames }],
    order: [[placeOfColumn(FIRST_TABLE.sort[0]), FIRST_TABLE.sort[1]]],
    pageLength: FIRST_TABLE.length,
  });
  table.on("draw", () => onDraw());
  select("#call", HTMLSelectElement).value = "";
  if (lookedThresholds()) titleCalls();
}

/** @param {() => void} listener called whenever the table was sorted, filtered or turned to another page */
export function onTable(listener) {
  onDraw = listener;
}

/** @param {string} name @returns {number} where the column stands, -1 if the table lacks it */
function placeOfColumn(name) {
  return columns.findIndex((column) => column.name === name);
}

/** Filter by call: by the one that is looked at, if that is not the configured one. */
export function filterCalls() {
  const passes = CALL_FILTERS[select("#call", HTMLSelectElement).value];
  /** @param {string} _text @param {Result} row */
  const filter = (_text, row) => passes?.(lookedCall(row)) ?? true;
  table.search.fixed("call", passes ? filter : null).draw();
}

/** Show these alone. @param {Set<string> | null} features all of them if null */
export function limitTable(features) {
  /** @param {string} _text @param {Result} row */
  const filter = (_text, row) => features?.has(row.feature);
  table.search.fixed("region", features ? filter : null).draw();
}

/** Show the call at the thresholds looked at beside the configured one, or take it away. */
export function showLookedCalls() {
  table.rows().invalidate();
  titleCalls();
  filterCalls();
}

function titleCalls() {
  const isLooking = lookedThresholds() !== null;
  table.column(placeOfColumn("looked")).visible(isLooking);
  for (const [name, title] of Object.entries(TITLES_WHEN_LOOKING)) {
    const at = placeOfColumn(name);
    table.column(at).title(headingOf(columns[at], isLooking ? title : undefined));
  }
}

/** @returns {TableState} */
export function tableState() {
  const [[at, direction] = [placeOfColumn("padj"), "asc"]] = table.order();
  const call = select("#call", HTMLSelectElement).value;
  const sort = /** @type {[string, string]} */ ([columns[at].name, direction]);
  return { text: table.search(), call, sort, page: table.page() + 1, length: table.page.len() };
}

/** @param {TableState} state @returns {string[]} what of it this table has not */
export function setTableState({ text, call, sort, page, length }) {
  const at = placeOfColumn(sort[0]);
  if (at >= 0) table.order([[at, sort[1]]]);
  select("#call", HTMLSelectElement).value = call;
  table.search(text).page.len(length);
  filterCalls();
  const hasPage = page === 1 || page <= table.page.info().pages;
  if (hasPage) table.page(page - 1).draw("page");
  return [...(at < 0 ? [`sort=${sort}`] : []), ...(hasPage ? [] : [`page=${page}`])];
}

/** @returns {{columns: string[], lengths: number[], calls: string[]}} what a table can be sorted and filtered by */
export function tableChoices() {
  const names = [...COLUMNS, ...EXOSOME_COLUMNS, CAUTIONS].map((column) => column.name);
  return { columns: names, lengths: LENGTHS, calls: ["", ...Object.keys(CALL_FILTERS)] };
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
  const shown = columns.map((column) => column.name).filter((column) => column !== "looked" || lookedThresholds());
  const header = shown.map((column) => (column === "looked" ? nameOfLookedCall() : column));
  const lines = shownRows().map((row) => shown.map((column) => quoteCell(cellOf(row, column))));
  save(name, [header, ...lines].map((cells) => `${cells.join("\t")}\n`).join(""));
}
