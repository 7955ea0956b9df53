/**
 * A table of miRNAs that is sorted, filtered and marked, of any page.
 *
 * @import { Row } from "./tables.js"
 * @typedef {{feature: string, call: string, cells: Row, numbers: Record<string, number>}} Result
 * @typedef {{name: string, title: string, show?: (value: number) => string, missing?: number, wide?: boolean, meaning?: string}} Column
 */

import { make } from "./dom.js";
import { importScript, readText } from "./files.js";
import { paintMarks } from "./marking.js";

export const LENGTHS = [10, 25, 100, 500];

/** @type {any} the class of DataTables */
let DataTable;

export async function loadTable() {
  // Our style comes after it, and so decides.
  document.head.prepend(make("style", { textContent: await readText("scripts/table.css") }));
  DataTable = (await importScript("scripts/table.js")).default;
}

/** @param {string} name @param {string} cell @returns {string} HTML; a miRNA's name stays as it is written */
function cellHtml(name, cell) {
  if (cell === "NA") return "–";
  return make("span", { textContent: name === "feature" ? cell : cell.replaceAll("_", " ") }).innerHTML;
}

/**
 * @param {Column} column
 * @param {string} [title] HTML, where the column has another than its own
 * @returns {string} HTML of its heading, which shows its meaning where the page's glossary has the word
 */
export function headingOf({ title: own, meaning }, title = own) {
  const place = `meaning-${meaning}`;
  if (!meaning || !document.getElementById(place)) return title;
  return make("span", { className: "term", innerHTML: title }, { "aria-describedby": place }).outerHTML;
}

/** @param {Column} column @param {(row: Result) => string} cell of a row @returns {object} what DataTables is told of it */
export function makeColumn(column, cell = (row) => row.cells[column.name] ?? "NA") {
  const { name, show, missing, wide } = column;
  /** @param {Result} row @param {string} purpose of DataTables: display, sort, filter or type */
  const data = (row, purpose) => {
    const text = cell(row);
    if (!show) return purpose === "display" ? cellHtml(name, text) : text === "NA" ? "" : text;
    const value = row.numbers[name];
    return purpose === "display" ? show(value) : Number.isNaN(value) ? missing : value;
  };
  return {
    title: headingOf(column),
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
    lengthMenu: LENGTHS,
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
