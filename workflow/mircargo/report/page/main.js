/**
 * Brings the parts together: the contrast that is shown, and the result of the marked miRNA.
 *
 * @import { Result } from "./data_table.js"
 * @import { Row } from "./tables.js"
 */

import { currentRegion, describeRegion, listenForBrush, onRegion, setRegion } from "./brush.js";
import { makeCharts } from "./charts.js";
import { listenToScroll } from "./contents.js";
import { make, select, selectAll } from "./dom.js";
import { listenForEnlarging } from "./enlarging.js";
import { showCounts, showStress } from "./feature_charts.js";
import { loadTable } from "./data_table.js";
import { delayLoad, listenForDownloads, readTable, readText, unpackPictures } from "./files.js";
import { currentFeature, lastPinned, listenForMarks, marks, onMarks, pin, togglePin } from "./marking.js";
import { readModel } from "./model.js";
import { formatP, formatSigned } from "./numbers.js";
import { listenForPrint } from "./paper.js";
import { filterCalls, goToPinnedRow, limitTable, readResults, saveShown, showLookedCalls, showPinnedRow, showTable } from "./results_table.js";
import { featuresIn, listenToPoints, paintPoints, showRelease, showResultScatters } from "./scatters.js";
import { listenForScheme } from "./scheme.js";
import { startSearch } from "./search.js";
import { startSharing } from "./sharing.js";
import { indexByFeature, splitCells, toNumber } from "./tables.js";
import { describeLooking, listenForThresholds, lookedCall, lookedThresholds, onThresholds } from "./thresholds.js";
import { listenForTips } from "./tips.js";
import { setWindow, ZOOMABLE } from "./zoom.js";

const model = readModel();
/** What is shown. */
const page = {
  contrast: model.contrasts[0],
  feature: "",
  /** @type {Map<string, Result>} results of the contrast by feature */
  results: new Map(),
  /** @type {Map<string, Row[]>} variants of the contrast by feature */
  variants: new Map(),
  /** @type {Record<string, string[]>} other names of each miRNA */
  names: {},
  /** @type {string[]} samples, as the counts have them */
  samples: [],
  /** @type {Map<string, string>} lines of the counts by feature, not yet split: there may be a million counts */
  counts: new Map(),
};

async function readCounts() {
  const [header = "\n", ...lines] = (await readText("page/counts.tsv")).match(/[^\n]*\n/g) ?? [];
  page.samples = splitCells(header)[0].slice(1);
  page.counts = new Map(lines.map((line) => [splitCells(line)[0][0], line]));
}

/** @param {string} feature @returns {Map<string, number>} by sample */
function countsOf(feature) {
  const [cells] = splitCells(page.counts.get(feature) ?? "\n");
  return new Map(page.samples.map((sample, i) => [sample, toNumber(cells[i + 1])]));
}

/** @param {string} name */
async function showContrast(name) {
  const contrast = model.contrasts.find((each) => each.name === name) ?? page.contrast;
  page.contrast = contrast;
  select("#contrast", HTMLSelectElement).value = name;
  const { title, question } = contrast;
  select("#shown").textContent = title === question ? title : `${title} (${question})`;
  for (const element of selectAll(".contrast-name")) element.textContent = contrast.title;
  for (const element of selectAll(".contrast-key")) element.textContent = name;
  for (const element of selectAll(".of-contrast")) {
    element.classList.toggle("shown", element.dataset.contrast === name);
  }
  select("#save-whole").dataset.path = `differential/${name}.tsv`;
  select("#save-robustness").dataset.path = `robustness/${name}.tsv`;
  const results = await readResults(contrast);
  const variants = Map.groupBy(await readTable(`page/stress/${name}.tsv`), (row) => row.feature);
  if (page.contrast !== contrast) return; // another was chosen meanwhile
  Object.assign(page, { results: indexByFeature(results), variants, feature: "" });
  if (!marks.pinned.length && contrast.target) pin(contrast.target);
  showResultScatters(contrast, results);
  await showRelease(contrast, page.results);
  showTable(results, page.names);
  for (const chart of ZOOMABLE) setWindow(chart);
  setRegion(null); // it is of the units, and the points, of one contrast
  describeLooking(results);
  showMarked();
  document.documentElement.dataset.shown = name;
}

/** Call everything by the thresholds that are looked at. */
function showThresholds() {
  const results = [...page.results.values()];
  showResultScatters(page.contrast, results);
  showLookedCalls();
  describeLooking(results);
  showMarked();
}

/** Have the table show the brushed region alone. */
function showRegion() {
  const features = featuresIn(currentRegion());
  limitTable(features);
  describeRegion(features?.size ?? 0);
}

/** Show what is marked in charts, in the tray and in the charts of one miRNA. */
function showMarked() {
  paintPoints();
  showPinned();
  const feature = currentFeature() || page.contrast.target || "";
  select("#marked").textContent = feature ? describeResult(feature) : "No miRNA is marked.";
  if (!feature || feature === page.feature) return;
  page.feature = feature;
  for (const element of selectAll(".of")) element.textContent = feature;
  const elsewhere = model.has_all_counts ? "" : " on this page: they are in quality/normalised.tsv";
  showCounts(page.contrast, feature, countsOf(feature), elsewhere);
  showStress(feature, page.variants.get(feature) ?? []);
}

/** @param {string} feature */
function describeResult(feature) {
  const result = page.results.get(feature);
  if (!result) return `${feature} is not in ${page.contrast.title}`;
  const { numbers, cells } = result;
  const call = cells.call === "none" ? "no call" : cells.call;
  const change = Number.isNaN(numbers.log2FoldChange)
    ? cells.status.replaceAll("_", " ")
    : `log2 fold change ${formatSigned(numbers.log2FoldChange)}, padj ${formatP(numbers.padj)}, ${call}`;
  const looked = lookedThresholds() ? ` (looked at: ${lookedCall(result)})` : "";
  const holds = Number.isNaN(numbers.share_same_call)
    ? ""
    : `, the same in ${numbers.n_same_call} of ${numbers.n_variants} re-analyses`;
  const tier = cells.tier === "NA" ? "" : `, ${cells.tier} co-cargo`;
  return `${feature} in ${page.contrast.title}: ${change}${holds}${tier}${looked}`;
}

function showPinned() {
  const list = select("#pinned");
  const wanted = marks.pinned.join("\t");
  if (list.dataset.holds === wanted) return;
  list.dataset.holds = wanted;
  list.replaceChildren(
    ...marks.pinned.map((feature) => {
      const label = { "aria-label": `Unpin ${feature}` };
      const chip = make("button", { type: "button", textContent: `${feature} ×` }, label);
      chip.addEventListener("click", () => togglePin(feature));
      const item = make("li", {});
      item.append(chip);
      return item;
    }),
  );
  select("#tray").hidden = false;
}

function listenForControls() {
  const contrasts = select("#contrast", HTMLSelectElement);
  contrasts.addEventListener("change", () => showContrast(contrasts.value));
  select("#call").addEventListener("change", filterCalls);
  select("#save-shown").addEventListener("click", () => saveShown(`${page.contrast.name}_shown.tsv`));
  for (const button of selectAll("button.go")) {
    button.addEventListener("click", () => {
      showContrast(button.dataset.go ?? "");
      select("#explore").scrollIntoView();
    });
  }
  let shown = lastPinned(); // the table opens at its top, wherever the target stands
  onMarks(() => {
    showMarked();
    if (lastPinned() !== shown) showPinnedRow();
    shown = lastPinned();
  });
}

async function start() {
  document.documentElement.classList.add("script");
  listenForScheme();
  listenToScroll();
  listenForDownloads();
  listenForPrint();
  listenForTips();
  listenForEnlarging();
  const endDelay = delayLoad(); // who prints right after opening waits for every figure
  try {
    await Promise.all([makeCharts(model.charts), loadTable(), readCounts()]);
    page.names = JSON.parse(await readText("page/names.json"));
    listenToPoints();
    listenForThresholds();
    listenForBrush();
    onRegion(showRegion);
    onThresholds(showThresholds);
    await showContrast(page.contrast.name);
    listenForMarks();
    listenForControls();
    startSearch(page.names, (feature) => {
      pin(feature);
      goToPinnedRow();
    });
    select("#loading").hidden = true; // before an address scrolls to what it shows
    await startSharing({ contrast: () => page.contrast, show: showContrast, features: Object.keys(page.names) });
  } catch (error) {
    select("#loading").hidden = false;
    select("#loading").textContent = `Charts and table could not be shown: ${error}`;
    throw error;
  } finally {
    await unpackPictures().finally(endDelay); // last: drawing a hundred figures would hold up the charts
  }
  document.documentElement.dataset.ready = "yes";
}

await start();
