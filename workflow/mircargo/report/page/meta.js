/**
 * The page of a meta-analysis: its features as a table, and what each contrast gives of the one that is marked.
 *
 * @import { Column, Result } from "./data_table.js"
 * @import { Row } from "./tables.js"
 * @typedef {{name: string, target: string, alpha: number, half: number, labels: Record<string, string>}} Pooled
 *   `half`: half an interval in standard errors; `labels`: of contrasts by STUDY.CONTRAST
 */

import { listenToScroll } from "./contents.js";
import { drawTable, loadTable, makeColumn } from "./data_table.js";
import { make, select, selectAll } from "./dom.js";
import { listenForEnlarging } from "./enlarging.js";
import { delayLoad, listenForDownloads, readTable, save, unpackPictures } from "./files.js";
import { lastPinned, listenForMarks, marks, onMarks, pin } from "./marking.js";
import { formatP, formatShare, formatSigned } from "./numbers.js";
import { listenForPrint } from "./paper.js";
import { listenForScheme } from "./scheme.js";
import { quoteCell, toNumber } from "./tables.js";
import { listenForTips } from "./tips.js";

/** @param {number} value a whole number */
const formatWhole = (value) => (Number.isNaN(value) ? "–" : String(value));
/** @param {number} percent */
const formatPercent = (percent) => formatShare(percent / 100);

/** @type {Column[]} */
const POOLED_COLUMNS = [
  { name: "feature", title: "miRNA" },
  { name: "log2FoldChange", title: "pooled<br>log2 FC", meaning: "pooled", show: formatSigned, missing: -Infinity },
  { name: "ci_low", title: "from", meaning: "interval", show: formatSigned, missing: -Infinity },
  { name: "ci_high", title: "to", meaning: "interval", show: formatSigned, missing: -Infinity },
  { name: "pvalue", title: "p", show: formatP, missing: Infinity },
  { name: "padj", title: "padj", meaning: "padj", show: formatP, missing: Infinity },
  { name: "n_contrasts", title: "contrasts<br>pooled", show: formatWhole, missing: -1 },
  { name: "I2", title: "I2", meaning: "heterogeneity", show: formatPercent, missing: -1 },
  { name: "matched_by", title: "matched by" },
  { name: "note", title: "note", wide: true },
];
const POOLED_NUMBERS = POOLED_COLUMNS.filter((column) => column.show).map((column) => column.name);
/** @type {Record<string, string>} */
const KIND_FILTERS = { changed: "^changed$", pooled: "^(changed|pooled)$" };

/** @type {Pooled} */
const pooled = JSON.parse(select("#model").textContent);

/** @param {Row} row @returns {Result} */
function readPooled(row) {
  const numbers = Object.fromEntries(POOLED_NUMBERS.map((name) => [name, toNumber(row[name])]));
  const kind = numbers.padj < pooled.alpha ? "changed" : numbers.n_contrasts > 1 ? "pooled" : "not pooled";
  return { feature: row.feature, call: kind, cells: row, numbers };
}

/** @param {Map<string, Row[]>} ofContrasts rows of the contrasts by feature */
async function showPooled(ofContrasts) {
  const rows = (await readTable(`${pooled.name}.tsv`)).map(readPooled);
  const element = make("table", { id: "results", className: "display compact" });
  element.setAttribute("aria-labelledby", "results-title");
  select("#results-holder").replaceChildren(element);
  /** @param {Result} row */
  const names = (row) => (ofContrasts.get(row.feature) ?? []).map((each) => each.study_feature).join(" ");
  /** @param {Result} row */
  const kind = (row) => row.call;
  const columns = POOLED_COLUMNS.map((column) => makeColumn(column));
  const table = drawTable(element, rows, {
    columns: [...columns, { title: "kind", visible: false, data: kind }, { title: "names", visible: false, data: names }],
    order: [[POOLED_COLUMNS.findIndex((column) => column.name === "pvalue"), "asc"]],
  });
  const kinds = select("#kind", HTMLSelectElement);
  const filter = () =>
    table.column(columns.length).search(KIND_FILTERS[kinds.value] ?? "", { regex: true, smart: false }).draw();
  kinds.addEventListener("change", filter);
  select("#save-shown").addEventListener("click", () => {
    const header = POOLED_COLUMNS.map((column) => column.name);
    /** @type {Result[]} */
    const shown = table.rows({ order: "current", search: "applied" }).data().toArray();
    const lines = shown.map((row) => header.map((column) => quoteCell(row.cells[column])));
    save(`${pooled.name}_shown.tsv`, [header, ...lines].map((cells) => `${cells.join("\t")}\n`).join(""));
  });
}

/** Show what each contrast gives of a miRNA. @param {string} feature @param {Row[]} rows */
function showContrasts(feature, rows) {
  for (const element of selectAll(".of")) element.textContent = feature;
  select("#of-contrasts").replaceChildren(
    ...rows.map((row) => {
      const [fold, error, weight] = [row.log2FoldChange, row.lfcSE, row.weight].map(toNumber);
      const half = pooled.half * error;
      const interval = Number.isNaN(half) ? "–" : `${formatSigned(fold - half)} to ${formatSigned(fold + half)}`;
      const label = pooled.labels[`${row.study}.${row.contrast}`];
      const named = row.study_feature === "NA" ? "–" : row.study_feature;
      const taken = Number.isNaN(weight) ? `not pooled: ${row.reason}` : formatShare(weight);
      const line = make("tr", {});
      line.append(
        make("td", { className: "wide", textContent: label }),
        make("td", { textContent: named }),
        make("td", { className: "n", textContent: formatSigned(fold) }),
        make("td", { className: "interval-words", textContent: interval }),
        make("td", { className: "wide", textContent: taken }),
      );
      return line;
    }),
  );
}

async function startMeta() {
  document.documentElement.classList.add("script");
  listenForScheme();
  listenToScroll();
  listenForEnlarging();
  listenForDownloads();
  listenForPrint();
  listenForTips();
  const pictures = unpackPictures().finally(delayLoad());
  try {
    const [contrasts] = await Promise.all([readTable(`${pooled.name}.studies.tsv`), loadTable()]);
    const ofContrasts = Map.groupBy(contrasts, (row) => row.feature);
    await showPooled(ofContrasts);
    const showMarked = () => {
      const feature = marks.hovered || lastPinned() || pooled.target;
      showContrasts(feature, ofContrasts.get(feature) ?? []);
    };
    onMarks(showMarked);
    listenForMarks();
    if (pooled.target) pin(pooled.target);
    select("#loading").remove();
  } catch (error) {
    select("#loading").textContent = `The table could not be shown: ${error}`;
    throw error;
  } finally {
    await pictures;
  }
  document.documentElement.dataset.ready = "yes";
}

await startMeta();
