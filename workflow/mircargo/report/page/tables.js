/**
 * Result tables. Vega's own reader of tab-separated text compiles a function for each table, which the page's
 * Content-Security-Policy forbids.
 *
 * @typedef {Record<string, string>} Row cells by column
 */

/** @param {string} text @returns {Row[]} */
export function parseTable(text) {
  const [columns, ...rows] = splitCells(text);
  return rows.map((cells) => {
    /** @type {Row} */
    const row = {}; // filled one by one, it is made twice as fast as from entries
    columns.forEach((name, i) => (row[name] = cells[i]));
    return row;
  });
}

/** @param {string} text lines of tab-separated cells, quoted where pandas quotes @returns {string[][]} */
export function splitCells(text) {
  if (!text.includes('"')) return text.slice(0, -1).split("\n").map((line) => line.split("\t"));
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
export function indexByFeature(rows) {
  return new Map(rows.map((row) => [row.feature, row]));
}

/** @param {string | undefined} cell @returns {number} NaN where missing */
export function toNumber(cell) {
  return cell === undefined || cell === "NA" || cell === "" ? NaN : Number(cell);
}
