/** The table of results: sorted, filtered, and marked with all else. */

const COLUMNS = [
  { name: "feature", title: "miRNA" },
  { name: "log2FoldChange", title: "log2 FC", show: signed, missing: -Infinity },
  { name: "ci_low", title: "from", show: signed, missing: -Infinity },
  { name: "ci_high", title: "to", show: signed, missing: -Infinity },
  { name: "padj", title: "padj", show: pText, missing: Infinity },
  { name: "baseMean", title: "mean count", show: grouped, missing: -1 },
  { name: "call", title: "call" },
  { name: "status", title: "status" },
  { name: "share_same_call", title: "variants with<br>the same call", show: percent, missing: -1 },
];
const OF_EXOSOMES = [
  { name: "tier", title: "co-cargo" },
  { name: "class", title: "class" },
];
const NUMBERS = [...COLUMNS.filter((column) => column.show).map((column) => column.name), "pvalue", "n_variants", "n_same_call"];
const CALL_FILTERS = { up: "^up$", down: "^down$", called: "^(up|down)$", "not called": "^(?!up$|down$)" };

const results = {
  /** @type {any} the class of DataTables */
  DataTable: null,
  /** @type {any} the table that is shown */
  table: null,
  /** @type {typeof COLUMNS} */
  columns: [],
};

/** @param {number} share */
function percent(share) {
  return Number.isNaN(share) ? "–" : `${Math.round(100 * share)}%`;
}

async function loadTable() {
  const style = document.createElement("style");
  style.textContent = await textOf("scripts/table.css");
  // Ours comes after it, and so decides.
  document.head.prepend(style);
  results.DataTable = (await import(await addressOf("scripts/table.js"))).default;
}

/**
 * Join what is known of each miRNA in a contrast.
 *
 * @param {Contrast} contrast
 * @returns {Promise<{feature: string, call: string, cells: Record<string, string>, numbers: Record<string, number>}[]>}
 */
async function resultsOf(contrast) {
  const differential = await tableOf(`differential/${contrast.name}.tsv`);
  const robustness = await tableOf(`robustness/${contrast.name}.tsv`);
  const stressed = byFeature(robustness);
  const cargo = carried.has("cargo/co_cargo.tsv") ? await tableOf("cargo/co_cargo.tsv") : { columns: [], rows: [] };
  const own = cargo.rows.filter((row) => row[cargo.columns.indexOf("contrast")] === contrast.name);
  const carriedWith = byFeature({ columns: cargo.columns, rows: own });
  const from = (table, row, name) => row?.[table.columns.indexOf(name)] ?? "NA";
  return differential.rows.map((row) => {
    const cells = Object.fromEntries(differential.columns.map((name, i) => [name, row[i]]));
    const stress = stressed.get(cells.feature);
    const cargoRow = carriedWith.get(cells.feature);
    cells.call = from(robustness, stress, "call");
    cells.share_same_call = from(robustness, stress, "share_same_call");
    cells.n_variants = from(robustness, stress, "n_variants");
    cells.n_same_call = from(robustness, stress, "n_same_call");
    cells.tier = from(cargo, cargoRow, "tier");
    cells.class = from(cargo, cargoRow, "class");
    const numbers = Object.fromEntries(NUMBERS.map((name) => [name, number(cells[name])]));
    return { feature: cells.feature, call: cells.call, cells, numbers };
  });
}

/** @param {string} text */
function escaped(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

/** @param {string} name @param {string} cell @returns {string} HTML; a miRNA's name stays as it is written */
function wordCell(name, cell) {
  if (cell === "NA") return "–";
  return escaped(name === "feature" ? cell : cell.replaceAll("_", " "));
}

/** @param {(typeof COLUMNS)[number]} column */
function columnOf(column) {
  const value = (row, kind) => {
    const cell = row.cells[column.name] ?? "NA";
    if (!column.show) return kind === "display" ? wordCell(column.name, cell) : cell === "NA" ? "" : cell;
    const found = row.numbers[column.name];
    return kind === "display" ? column.show(found) : Number.isNaN(found) ? column.missing : found;
  };
  return {
    title: column.title,
    data: value,
    type: column.show ? "num" : "string",
    className: column.show ? "n" : "",
    createdCell: column.name === "feature" ? nameCell : undefined,
  };
}

/** @param {HTMLElement} cell @param {unknown} _data @param {{feature: string}} row */
function nameCell(cell, _data, row) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "mirna";
  button.dataset.feature = row.feature;
  button.textContent = row.feature;
  cell.replaceChildren(button);
}

/** @param {Contrast} contrast @param {object[]} rows from `resultsOf` @param {Record<string, string[]>} names */
function showTable(contrast, rows, names) {
  results.table?.destroy(true);
  const element = document.createElement("table");
  element.id = "results";
  element.className = "display compact";
  element.setAttribute("aria-labelledby", "results-title");
  document.getElementById("results-holder").replaceChildren(element);
  const withCargo = rows.some((row) => row.cells.class !== "NA" || row.cells.tier !== "NA");
  results.columns = withCargo ? [...COLUMNS, ...OF_EXOSOMES] : COLUMNS;
  const other = { title: "other names", visible: false, data: (row) => (names[row.feature] ?? []).join(" ") };
  results.table = new results.DataTable(element, {
    data: rows,
    columns: [...results.columns.map(columnOf), other],
    order: [[4, "asc"]],
    pageLength: 25,
    lengthMenu: [10, 25, 100, 500],
    autoWidth: false,
    scrollX: false,
    createdRow: (row, data) => {
      row.dataset.feature = data.feature;
    },
    drawCallback: paintMarks,
    language: { search: "Filter (any name): ", emptyTable: "no miRNA" },
  });
  document.getElementById("call").value = "";
  showPinnedRow();
}

/** Filter by call. */
function filterCalls() {
  const pattern = CALL_FILTERS[document.getElementById("call").value] ?? "";
  const at = results.columns.findIndex((column) => column.name === "call");
  results.table.column(at).search(pattern, { regex: true, smart: false }).draw();
}

/** Turn to the page of the miRNA that was pinned last, if the table holds it. */
function showPinnedRow() {
  const feature = marks.pinned[marks.pinned.length - 1];
  if (!feature || !results.table) return;
  const shown = results.table.rows({ order: "current", search: "applied" }).data().toArray();
  const at = shown.findIndex((row) => row.feature === feature);
  const page = Math.floor(at / results.table.page.len());
  if (at >= 0 && page !== results.table.page()) results.table.page(page).draw("page");
}

/** @returns {string} what the table shows, in its order, with the digits of the result files */
function shownAsText() {
  const names = results.columns.map((column) => column.name);
  const shown = results.table.rows({ order: "current", search: "applied" }).data().toArray();
  const lines = shown.map((row) => names.map((name) => quoted(row.cells[name] ?? "NA")).join("\t"));
  return `${[names.join("\t"), ...lines].join("\n")}\n`;
}
