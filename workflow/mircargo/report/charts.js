/** The charts: rows of the contrast that is shown, and rings around the miRNAs that are marked. */

// Points that no call was made of are thinned beyond this many; nothing else is.
const MOST_UNCALLED = 2000;
// No p-value is drawn as smaller than this.
const SMALLEST_P = 1e-300;
const ERRORS_ONLY = 1;
// Samples of a group; the points of more are smaller.
const MOST_APART = 50;
/** What the charts of points draw, across and up. */
const FIELDS = {
  volcano: ["log2FoldChange", "minus_log10_pvalue"],
  ma: ["baseMean", "log2FoldChange"],
  release: ["source_log2FoldChange", "log2FoldChange"],
};
const SCATTERS = Object.keys(FIELDS);
// A point is pointed at from so many pixels away.
const REACH = 14;
/** Shapes of the groups, so that they differ without colour. */
const SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"];

const charts = {
  /** @type {Record<string, any>} Vega's views by name */
  views: {},
  /** @type {Record<string, Map<string, object>>} rows of each scatter by feature */
  rows: {},
  /** @type {string[]} features by their place from left to right, for the arrow keys */
  order: {},
};

/** @param {Model} model */
async function makeCharts(model) {
  for (const [name, spec] of Object.entries(model.charts)) {
    const place = document.getElementById(name);
    if (!place) continue;
    // Expressions are interpreted, not compiled, so that the page needs no `eval`.
    // Charts are empty until their rows arrive; Vega would warn of that.
    const settings = { actions: false, ast: true, renderer: "canvas", logLevel: ERRORS_ONLY };
    const made = await globalThis.vegaEmbed(place, spec, settings);
    charts.views[name] = made.view;
    place.view = made.view; // for the browser's console
    if (SCATTERS.includes(name)) listenToPoints(name, place, made.view);
  }
  charts.views.stress.data("zero", [{ at: 0 }]);
  addEventListener("resize", () => Object.values(charts.views).forEach((view) => view.resize()));
}

function listenToPoints(name, place, view) {
  place.addEventListener("pointermove", (event) => hover(nearest(name, view, event)));
  place.addEventListener("click", (event) => {
    const feature = nearest(name, view, event);
    if (feature) togglePin(feature);
  });
  place.addEventListener("pointerleave", () => hover(""));
  place.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (event.key in steps) {
      event.preventDefault();
      const features = charts.order[name];
      const at = features.indexOf(current());
      hover(features[(at + steps[event.key] + features.length) % features.length]);
    } else if (event.key === "Enter" && marks.hovered) togglePin(marks.hovered);
  });
}

/** @returns {string} the miRNA whose point is nearest to the pointer, if one is near */
function nearest(name, view, event) {
  const box = view.container().querySelector("canvas").getBoundingClientRect();
  const [across, up] = view.origin();
  const { left, top } = view.padding();
  const at = [event.clientX - box.left - across - left, event.clientY - box.top - up - top];
  const [x, y] = FIELDS[name];
  const [toX, toY] = [view.scale("x"), view.scale("y")];
  let [found, least] = ["", REACH];
  for (const row of charts.rows[name].values()) {
    const distance = Math.hypot(toX(row[x]) - at[0], toY(row[y]) - at[1]);
    if (distance < least) [found, least] = [row.feature, distance];
  }
  return found;
}

/** @param {Contrast} contrast @param {string} feature */
function roleOf(contrast, feature) {
  if (feature === contrast.target) return "target";
  return contrast.candidates.includes(feature) ? "co-cargo" : "other";
}

/** @param {Contrast} contrast @param {object[]} results rows of the table of results */
function showScatters(contrast, results) {
  const points = results.map((row) => ({
    feature: row.feature,
    log2FoldChange: row.numbers.log2FoldChange,
    baseMean: row.numbers.baseMean,
    minus_log10_pvalue: -Math.log10(Math.max(row.numbers.pvalue, SMALLEST_P)),
    padj: pText(row.numbers.padj),
    call: row.call === "up" || row.call === "down" ? row.call : "not called",
    role: roleOf(contrast, row.feature),
  }));
  const tested = points.filter((row) => Number.isFinite(row.log2FoldChange) && Number.isFinite(row.minus_log10_pvalue));
  const fitted = points.filter((row) => Number.isFinite(row.log2FoldChange) && row.baseMean > 0);
  showScatter("volcano", tested);
  showScatter("ma", fitted);
  said("volcano", points.length, tested, "p-value");
  said("ma", points.length, fitted, "fold change");
}

/** @param {Contrast} contrast */
async function showRelease(contrast) {
  const section = document.getElementById("release-chart");
  if (!section) return;
  section.hidden = !contrast.release;
  if (!contrast.release) {
    charts.rows.release = new Map();
    return;
  }
  const table = await tableOf(`cargo/release/${contrast.release}.tsv`);
  const cell = (row, name) => row[table.columns.indexOf(name)];
  const rows = table.rows
    .map((row) => ({
      feature: cell(row, "feature"),
      class: cell(row, "class"),
      log2FoldChange: number(cell(row, "log2FoldChange")),
      source_log2FoldChange: number(cell(row, "source_log2FoldChange")),
      release_padj: pText(number(cell(row, "release_padj"))),
      call: cell(row, "class") === "undetermined" ? "not called" : "called",
      role: roleOf(contrast, cell(row, "feature")),
    }))
    .filter((row) => Number.isFinite(row.log2FoldChange) && Number.isFinite(row.source_log2FoldChange));
  const values = rows.flatMap((row) => [row.log2FoldChange, row.source_log2FoldChange]);
  const ends = [values.reduce((a, b) => Math.min(a, b), 0), values.reduce((a, b) => Math.max(a, b), 0)];
  charts.views.release.data(
    "diagonal",
    ends.map((end) => ({ log2FoldChange: end, source_log2FoldChange: end })),
  );
  showScatter("release", rows);
  said("release", table.rows.length, rows, "fold change in both");
}

function showScatter(name, rows) {
  const [x] = FIELDS[name];
  const places = rows.map((row) => row[x]);
  const low = places.reduce((a, b) => Math.min(a, b), Infinity);
  const high = places.reduce((a, b) => Math.max(a, b), -Infinity);
  const scale = name === "ma" ? Math.log : (value) => value;
  for (const row of rows) row.at_right = scale(row[x]) - scale(low) > 0.6 * (scale(high) - scale(low));
  charts.rows[name] = new Map(rows.map((row) => [row.feature, row]));
  charts.order[name] = [...rows].sort((a, b) => a[x] - b[x]).map((row) => row.feature);
  charts.views[name].data("rows", thinned(rows)).resize();
}

/** @param {object[]} rows @returns {object[]} every row with a call or a role, and so many others, evenly chosen */
function thinned(rows) {
  const plain = (row) => row.call === "not called" && row.role === "other";
  const uncalled = rows.filter(plain);
  if (uncalled.length <= MOST_UNCALLED) return [...uncalled, ...rows.filter((row) => !plain(row))];
  const step = uncalled.length / MOST_UNCALLED;
  const chosen = Array.from({ length: MOST_UNCALLED }, (_, i) => uncalled[Math.floor(i * step)]);
  return [...chosen, ...rows.filter((row) => !plain(row))];
}

function said(name, all, rows, lacking) {
  const drawn = thinned(rows).length;
  const roles = new Set(rows.map((row) => row.role));
  const rings = [
    roles.has("target") ? "black ring: the target" : "",
    roles.has("co-cargo") ? "green rings: its co-cargo" : "",
  ];
  const parts = [`${grouped(rows.length)} miRNAs`, ...rings.filter(Boolean)];
  if (all > rows.length) parts.push(`${grouped(all - rows.length)} have no ${lacking}`);
  if (drawn < rows.length) {
    const others = "those without a call thinned; marking, table and downloads hold all";
    parts.push(`${grouped(drawn)} are drawn, ${others}`);
  }
  document.querySelector(`#${name} + .drawn`).textContent = `${parts.join("; ")}.`;
}

function paintCharts() {
  for (const name of SCATTERS) {
    const view = charts.views[name];
    if (!view || !charts.rows[name]) continue;
    view.signal("hovered", marks.hovered).signal("pinned", marks.pinned);
    view.data("marked", marked().map((feature) => charts.rows[name].get(feature)).filter(Boolean));
    view.runAsync();
  }
}

/** @param {Contrast} contrast @param {string} feature @param {Map<string, number> | null} counts by sample */
function showCounts(contrast, feature, counts) {
  const view = charts.views.counts;
  const samples = contrast.groups.flatMap((group, g) => samplesOf(group, g, counts));
  const means = contrast.groups.map((group, g) => meanOf(samples, group, g)).filter((row) => row.n);
  const heights = samples.map((row) => row.height);
  const least = heights.reduce((a, b) => Math.min(a, b), Infinity);
  const [low, high] = span(least, heights.reduce((a, b) => Math.max(a, b), -Infinity));
  const largest = contrast.groups.reduce((most, group) => Math.max(most, group.members.length), 1);
  view.signal("dot", Math.max(4, Math.min(60, (60 * MOST_APART) / largest)));
  view.signal("low", low).signal("high", high).signal("ticks", ticksBetween(low, high));
  view.signal("last", contrast.groups.length - 1);
  view.signal("groups", contrast.groups.map((group) => `${group.name}\nn = ${group.members.length}`));
  view.data("samples", samples).data("means", means);
  view.data("pairs", samples.filter((row) => row.subject !== null));
  view.resize().runAsync();
  const words = means
    .map((row) => `${grouped(10 ** row.height - 1)} in ${row.group} (${row.n})`)
    .join(", ");
  const elsewhere = page.model.n_counted === null ? "" : " on this page: they are in quality/normalised.tsv";
  const none = `No counts of this miRNA${elsewhere}.`;
  const text = samples.length ? `Bars: means on this scale, ${words}. Zeros stand at 0.` : none;
  const joined = samples.some((row) => row.subject !== null) ? " Lines join samples of one subject." : "";
  document.querySelector("#counts + .drawn").textContent = text + joined;
  document.getElementById("counts").setAttribute("aria-label", `Counts of ${feature}`);
}

/** @param {Group} group @param {number} g its place @param {Map<string, number> | null} counts by sample */
function samplesOf(group, g, counts) {
  const gaps = group.members.length - 1;
  const spread = Math.min(0.6, 0.08 * gaps);
  return group.members
    .filter(([sample]) => Number.isFinite(counts?.get(sample)))
    .map(([sample, subject], i) => ({
      sample,
      subject,
      group: group.name,
      count: counts.get(sample),
      height: Math.log10(counts.get(sample) + 1),
      place: gaps ? g + spread * (i / gaps - 0.5) : g,
      colour: group.colour,
      shape: SHAPES[g % SHAPES.length],
    }));
}

/** @param {object[]} samples @param {Group} group @param {number} g its place */
function meanOf(samples, group, g) {
  const heights = samples.filter((row) => row.group === group.name).map((row) => row.height);
  const height = heights.reduce((a, b) => a + b, 0) / heights.length;
  return { group: group.name, n: heights.length, height, place: g - 0.36, end: g + 0.36 };
}

/** An axis over less than a factor of four would make noise look like a difference. */
function span(low, high) {
  if (!Number.isFinite(low)) return [0, 2];
  const lack = Math.max(0, Math.log10(4) - (high - low)) / 2;
  const [bottom, top] = [Math.max(low - lack, 0), high + lack];
  const margin = 0.06 * (top - bottom);
  return [bottom - margin, top + margin];
}

function ticksBetween(low, high) {
  const places = [0];
  for (let power = 1; power < 1e9; power *= 10) places.push(power, 2 * power, 5 * power);
  const within = (values) => values.map((value) => Math.log10(value + 1)).filter((at) => at >= low && at <= high);
  const all = within(places);
  const tens = places.filter((value) => value === 0 || Number.isInteger(Math.log10(value)));
  return all.length > 7 ? within(tens) : all;
}

/** @param {string} feature @param {string[][]} lines its rows of `page/stress/{contrast}.tsv` */
function showStress(feature, lines) {
  const rows = lines
    .map(([, variant, kind, n, fold, low, high, call]) => ({
      kind,
      call,
      variant,
      label: kind === "rest" ? `${n} more, each without a ${variant}` : variant,
      log2FoldChange: number(fold),
      ci_low: number(low),
      ci_high: number(high),
    }))
    .filter((row) => Number.isFinite(row.ci_low) && Number.isFinite(row.ci_high))
    .map((row, place) => ({ ...row, place }));
  const view = charts.views.stress.signal("last", Math.max(rows.length - 1, 0));
  view.signal("labels", rows.map((row) => row.label));
  view.data("variants", rows).resize().runAsync();
  const base = rows.find((row) => row.kind === "base");
  const rest = rows.find((row) => row.kind === "rest");
  const other = rows.filter((row) => row.call && row.call !== base?.call).length;
  const range = rest ? ` The broad bar spans the fold changes of all other variants without a ${rest.variant}.` : "";
  const count = `${other || "None"} of the variants drawn by themselves ${other > 1 ? "say" : "says"} otherwise.`;
  document.querySelector("#stress + .drawn").textContent = rows.length
    ? `As configured: ${base?.call ?? "not tested"}. ${count}${range}`
    : "No variant fitted this miRNA.";
  document.getElementById("stress").setAttribute("aria-label", `Stress test of ${feature}`);
}
