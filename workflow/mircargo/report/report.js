/** Brings the parts together: the contrast that is shown, and what is said of the marked miRNA. */

const page = {
  /** @type {Model} */
  model: null,
  /** @type {Contrast} */
  contrast: null,
  /** @type {Map<string, object>} results of the contrast by feature */
  rows: new Map(),
  /** @type {Record<string, string[]>} other names of each miRNA */
  names: {},
  /** @type {Map<string, string>} lines of the counts by feature, not yet split */
  counts: new Map(),
  /** @type {string[]} samples, as the counts have them */
  samples: [],
  /** @type {Map<string, string[][]>} lines of the stress test by feature */
  stress: new Map(),
  shownFeature: "",
};

async function readCounts() {
  const lines = (await textOf("page/counts.tsv")).trimEnd().split("\n");
  page.samples = parseTable(lines[0]).columns.slice(1);
  page.counts = new Map(lines.slice(1).map((line) => [parseTable(line).columns[0], line]));
}

/** @param {Contrast} contrast */
async function readStress(contrast) {
  page.stress = new Map();
  for (const row of (await tableOf(`page/stress/${contrast.name}.tsv`)).rows) {
    if (!page.stress.has(row[0])) page.stress.set(row[0], []);
    page.stress.get(row[0]).push(row);
  }
}

/** @param {string} name */
async function showContrast(name) {
  const contrast = page.model.contrasts.find((each) => each.name === name);
  page.contrast = contrast;
  document.getElementById("contrast").value = name;
  document.getElementById("shown").textContent = `${name} (${contrast.asked})`;
  for (const element of document.querySelectorAll(".contrast-name")) element.textContent = name;
  for (const element of document.querySelectorAll(".of-contrast")) {
    element.classList.toggle("shown", element.dataset.contrast === name);
  }
  document.getElementById("save-whole").dataset.path = `differential/${name}.tsv`;
  document.getElementById("save-robustness").dataset.path = `robustness/${name}.tsv`;
  const rows = await resultsOf(contrast);
  await readStress(contrast);
  if (page.contrast !== contrast) return; // another was chosen meanwhile
  page.rows = new Map(rows.map((row) => [row.feature, row]));
  page.shownFeature = "";
  if (!marks.pinned.length && contrast.target) pin(contrast.target);
  showScatters(contrast, rows);
  await showRelease(contrast);
  showTable(contrast, rows, page.names);
  showMarked();
  document.documentElement.dataset.shown = name;
}

/** Show what is marked in charts, in the tray and in the charts of one miRNA. */
function showMarked() {
  paintCharts();
  showPinnedChips();
  const feature = current() || page.contrast.target || "";
  document.getElementById("said").textContent = feature ? wordsOf(feature) : "No miRNA is marked.";
  if (!feature || feature === page.shownFeature) return;
  page.shownFeature = feature;
  for (const element of document.querySelectorAll(".of")) element.textContent = feature;
  showCounts(page.contrast, feature, countsOf(feature));
  showStress(feature, page.stress.get(feature) ?? []);
}

/** @param {string} feature @returns {Map<string, number> | null} */
function countsOf(feature) {
  const line = page.counts.get(feature);
  if (!line) return null;
  const cells = parseTable(line).columns.slice(1);
  return new Map(page.samples.map((sample, i) => [sample, number(cells[i])]));
}

/** @param {string} feature */
function wordsOf(feature) {
  const row = page.rows.get(feature);
  if (!row) return `${feature} is not in ${page.contrast.name}`;
  const { numbers, cells } = row;
  const call = cells.call === "none" ? "no call" : cells.call;
  const change = Number.isNaN(numbers.log2FoldChange)
    ? cells.status.replaceAll("_", " ")
    : `log2 fold change ${signed(numbers.log2FoldChange)}, padj ${pText(numbers.padj)}, ${call}`;
  const holds = Number.isNaN(numbers.share_same_call)
    ? ""
    : `, the same in ${numbers.n_same_call} of ${numbers.n_variants} variants`;
  const tier = cells.tier === "NA" ? "" : `, ${cells.tier} co-cargo`;
  return `${feature} in ${page.contrast.name}: ${change}${holds}${tier}`;
}

function showPinnedChips() {
  const list = document.getElementById("pinned");
  const wanted = marks.pinned.join("\t");
  if (list.dataset.holds === wanted) return;
  list.dataset.holds = wanted;
  list.replaceChildren(
    ...marks.pinned.map((feature) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.textContent = `${feature} ×`;
      chip.setAttribute("aria-label", `Unpin ${feature}`);
      chip.addEventListener("click", () => togglePin(feature));
      const item = document.createElement("li");
      item.append(chip);
      return item;
    }),
  );
  document.getElementById("tray").hidden = false;
}

function listenForControls() {
  document.getElementById("contrast").addEventListener("change", (event) => showContrast(event.target.value));
  document.getElementById("call").addEventListener("change", filterCalls);
  document.getElementById("save-shown").addEventListener("click", () => {
    save(`${page.contrast.name}_shown.tsv`, shownAsText(), KINDS.tsv);
  });
  for (const button of document.querySelectorAll("button.go")) {
    button.addEventListener("click", () => {
      showContrast(button.dataset.go);
      document.getElementById("explore").scrollIntoView();
    });
  }
  let lastPinned = "";
  onMarks(() => {
    showMarked();
    const pinned = marks.pinned[marks.pinned.length - 1] ?? "";
    if (pinned !== lastPinned) showPinnedRow();
    lastPinned = pinned;
  });
}

async function start() {
  document.documentElement.classList.add("script");
  findCarried();
  listenForDownloads();
  listenForPrint();
  page.model = readModel();
  try {
    await Promise.all([loadScript("scripts/vega.js"), loadTable(), readCounts()]);
    page.names = JSON.parse(await textOf("page/names.json"));
    await makeCharts(page.model);
    await showContrast(page.model.contrasts[0].name);
    listenForMarks();
    listenForControls();
    startSearch(makeSearch(page.names), pin);
    document.getElementById("loading").remove();
  } catch (error) {
    document.getElementById("loading").textContent = `Charts and table could not be shown: ${error.message}`;
    throw error;
  } finally {
    await unpackPictures();
  }
  document.documentElement.dataset.ready = "yes";
}
