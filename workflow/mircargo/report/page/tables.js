/**
 * Result tables. Vega's own reader of tab-separated text compiles a function for each table, which the page's
 * Content-Security-Policy forbids.
 *
 * @typedef {Record<string, string>} Row cells by column
 */

import { readText } from "./files.js";

/** @type {Map<string, Promise<Row[]>>} */
const tables = new Map();

/** @param {string} path */
export function readTable(path) {
  const table = tables.get(path) ?? readText(path).then(parseTable);
  tables.set(path, table);
  return table;
}

/** @param {string} text @returns {Row[]} */
export function parseTable(text) {
  const [columns, ...rows] = splitCells(text);
  return rows.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i]])));
}

/** @param {string} text lines of tab-separated cells, quoted where pandas quotes @returns {string[][]} */
export function splitCells(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"([^"]*(?:""[^"]*)*)"|([^\t\n]*))(\t|\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** @param {string} cell a cell as it stands in a tab-separated file */
export function quoteCell(cell) {
  return /["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** @template {Row | {feature: string}} R @param {R[]} rows @returns {Map<string, R>} */
export function byFeature(rows) {
  return new Map(rows.map((row) => [row.feature, row]));
}

/** @param {string | undefined} cell @returns {number} NaN where missing */
export function toNumber(cell) {
  return cell === undefined || cell === "NA" || cell === "" ? NaN : Number(cell);
}
