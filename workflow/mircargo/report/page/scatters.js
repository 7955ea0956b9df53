/**
 * The charts of points: every miRNA of the contrast that is shown, with rings around those that are marked.
 *
 * @import { Contrast } from "./model.js"
 * @import { Result } from "./data_table.js"
 * @import { Row } from "./tables.js"
 * @import { Region } from "./brush.js"
 * @typedef {{feature: string, call: string, role: string, caution: boolean} & Record<string, any>} Point
 */

import { placeIn, setCaption, views } from "./charts.js";
import { select } from "./dom.js";
import { readTable } from "./files.js";
import { currentFeature, hover, marked, marks, togglePin } from "./marking.js";
import { roleOf } from "./model.js";
import { formatCount, formatP, range } from "./numbers.js";
import { toNumber } from "./tables.js";
import { cutsOfFold, lookedCall, wordsOfLooking } from "./thresholds.js";
import { bringIntoView, inWindow, onZoom, windows, ZOOMABLE, zoomByKey } from "./zoom.js";

// Points that no call was made of are thinned beyond this many; nothing else is.
const MOST_UNCALLED = 2000;
// No p-value is drawn as smaller than this.
const SMALLEST_P = 1e-300;
// A point is pointed at from so many pixels away.
const REACH = 14;
/** @type {Record<string, [x: string, y: string]>} */
const FIELDS = {
  volcano: ["log2FoldChange", "minus_log10_pvalue"],
  ma: ["baseMean", "log2FoldChange"],
  release: ["source_log2FoldChange", "log2FoldChange"],
};

/** @type {Record<string, Map<string, Point>>} points of each chart by feature */
const points = {};
/** @type {Record<string, [number, number]>} least and greatest x of each chart's points */
const whole = {};

export function listenToPoints() {
  for (const name of Object.keys(FIELDS).filter((each) => each in views)) {
    const place = select(`#${name}`);
    place.addEventListener("pointermove", (event) => hover(nearest(name, event)));
    place.addEventListener("pointerleave", () => hover(""));
    place.addEventListener("click", (event) => {
      const feature = nearest(name, event);
      if (feature) togglePin(feature);
    });
    place.addEventListener("keydown", (event) => {
      const [x, y] = FIELDS[name];
      const at = points[name].get(currentFeature());
      const place = at && inWindow(name, at[x], at[y]) ? placeOf(name, at) : undefined;
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (ZOOMABLE.includes(name) && zoomByKey(name, event, place)) event.preventDefault();
      else if (step) {
        event.preventDefault();
        const features = [...points[name].values()].sort((a, b) => a[x] - b[x]).map((point) => point.feature);
        hover(features[(features.indexOf(currentFeature()) + step + features.length) % features.length] ?? "");
        const next = points[name].get(marks.hovered);
        if (next) bringIntoView(name, next[x], next[y]);
      } else if (event.key === "Enter" && marks.hovered) togglePin(marks.hovered);
    });
  }
  onZoom(paintPoints);
}

/** @param {string} name @param {Point} point @returns {[x: number, y: number]} in pixels of the plotting area */
function placeOf(name, point) {
  const [x, y] = FIELDS[name];
  return [views[name].scale("x")(point[x]), views[name].scale("y")(point[y])];
}

/** @param {Region | null} region @returns {Set<string> | null} the miRNAs in it, drawn or thinned; null without a region */
export function featuresIn(region) {
  if (!region) return null;
  const [x, y] = FIELDS[region.chart];
  /** @param {number} value @param {[number, number]} ends */
  const within = (value, [low, high]) => value >= low && value <= high;
  const inside = [...points[region.chart].values()].filter((at) => within(at[x], region.x) && within(at[y], region.y));
  return new Set(inside.map((point) => point.feature));
}

/**
 * @param {string} name
 * @param {MouseEvent} event
 * @returns {string} the miRNA whose point is nearest to the pointer, if one is near
 */
function nearest(name, event) {
  const at = placeIn(name, event);
  const [x, y] = FIELDS[name];
  const [toX, toY] = [views[name].scale("x"), views[name].scale("y")];
  let [found, least] = ["", REACH];
  for (const point of points[name].values()) {
    if (!inWindow(name, point[x], point[y])) continue;
    const distance = Math.hypot(toX(point[x]) - at[0], toY(point[y]) - at[1]);
    if (distance < least) [found, least] = [point.feature, distance];
  }
  return found;
}

/** @param {Contrast} contrast @param {Result[]} results */
export function showResultScatters(contrast, results) {
  const rows = results.map((result) => {
    const { feature, cells, numbers } = result;
    const call = lookedCall(result);
    return {
      feature,
      log2FoldChange: numbers.log2FoldChange,
      baseMean: numbers.baseMean,
      minus_log10_pvalue: -Math.log10(Math.max(numbers.pvalue, SMALLEST_P)),
      padj: formatP(numbers.padj),
      call: call === "up" || call === "down" ? call : "not called",
      configured: result.call === "none" ? "not called" : result.call,
      role: roleOf(contrast, feature),
      caution: hasCaution(contrast, cells),
    };
  });
  showScatter("volcano", rows, "p-value");
  showScatter("ma", rows.map((row) => (row.baseMean > 0 ? row : { ...row, baseMean: NaN })), "fold change");
  drawCuts(rows.map((row) => row.log2FoldChange));
}

/** Draw the fold changes that are cut off at, where the charts reach so far. @param {number[]} folds */
function drawCuts(folds) {
  const [low, high] = range(folds.filter(Number.isFinite));
  const cuts = cutsOfFold().filter((cut) => cut > low && cut < high);
  for (const name of ZOOMABLE) views[name].data("cuts", cuts.map((at) => ({ at })));
}

/**
 * @param {Contrast} contrast
 * @param {Row | undefined} cells
 * @returns {boolean} whether it has a caution that not all have
 */
function hasCaution(contrast, cells) {
  const kinds = (cells?.caution_kinds ?? "NA").split(";");
  return kinds.some((kind) => kind !== "NA" && !contrast.common_cautions.includes(kind));
}

/** @param {Contrast} contrast @param {Map<string, Result>} results by feature */
export async function showRelease(contrast, results) {
  const section = document.getElementById("release-chart");
  if (!section) return;
  section.hidden = !contrast.release;
  if (!contrast.release) {
    points.release = new Map();
    return;
  }
  const table = await readTable(`cargo/release/${contrast.release}.tsv`);
  const rows = table.map((row) => ({
    feature: row.feature,
    class: row.class,
    log2FoldChange: toNumber(row.log2FoldChange),
    source_log2FoldChange: toNumber(row.source_log2FoldChange),
    release_padj: formatP(toNumber(row.release_padj)),
    call: row.class === "undetermined" ? "not called" : "called",
    role: roleOf(contrast, row.feature),
    caution: hasCaution(contrast, results.get(row.feature)?.cells),
  }));
  const drawn = showScatter("release", rows, "fold change in both");
  const ends = range([0, ...drawn.flatMap((row) => [row.log2FoldChange, row.source_log2FoldChange])]);
  views.release.data("diagonal", ends.map((end) => ({ log2FoldChange: end, source_log2FoldChange: end })));
}

/**
 * @template {Point} P
 * @param {string} name
 * @param {P[]} rows
 * @param {string} lacking what a row lacks that cannot be drawn
 * @returns {P[]} those that can
 */
function showScatter(name, rows, lacking) {
  const [x, y] = FIELDS[name];
  const placed = rows.filter((row) => Number.isFinite(row[x]) && Number.isFinite(row[y]));
  points[name] = new Map(placed.map((row) => [row.feature, row]));
  whole[name] = range(placed.map((row) => row[x]));
  const drawn = thin(placed);
  views[name].data("rows", drawn).resize();
  const looking = name === "release" ? "" : wordsOfLooking();
  setCaption(name, `${looking && `${looking}. `}${describeScatter(rows.length, placed, drawn.length, lacking)}`);
  return placed;
}

/** @param {Point[]} rows @returns {Point[]} every row with a call or a role, and so many others, evenly chosen */
function thin(rows) {
  /** @param {Point} row */
  const isPlain = (row) => row.call === "not called" && row.role === "other";
  const plain = rows.filter(isPlain);
  const step = Math.max(1, plain.length / MOST_UNCALLED);
  const chosen = Array.from({ length: Math.min(plain.length, MOST_UNCALLED) }, (_, i) => plain[Math.floor(i * step)]);
  return [...chosen, ...rows.filter((row) => !isPlain(row))];
}

/** @param {number} all @param {Point[]} placed @param {number} drawn @param {string} lacking */
function describeScatter(all, placed, drawn, lacking) {
  const roles = new Set(placed.map((row) => row.role));
  const parts = [`${formatCount(placed.length)} miRNAs`];
  if (roles.has("target")) parts.push("black ring: the target");
  if (roles.has("co-cargo")) parts.push("green rings: its co-cargo");
  if (placed.some((row) => row.caution)) parts.push("hollow: with a caution");
  if (all > placed.length) parts.push(`${formatCount(all - placed.length)} have no ${lacking}`);
  if (drawn < placed.length) {
    const others = "those without a call thinned; marking, table and downloads hold all";
    parts.push(`${formatCount(drawn)} are drawn, ${others}`);
  }
  return `${parts.join("; ")}.`;
}

export function paintPoints() {
  for (const [name, own] of Object.entries(points)) {
    const [x, y] = FIELDS[name];
    const view = views[name].signal("hovered", marks.hovered).signal("pinned", marks.pinned);
    const shown = marked().flatMap((feature) => own.get(feature) ?? []);
    const drawn = shown.filter((point) => inWindow(name, point[x], point[y]));
    view.data("marked", drawn.map((point) => ({ ...point, at_right: isAtRight(name, point[x]) }))).runAsync();
  }
}

/** @param {string} name @param {number} x @returns {boolean} whether a name to the right of it might leave the chart */
function isAtRight(name, x) {
  const scale = name === "ma" ? Math.log : Number;
  const [low, high] = (windows[name]?.x ?? whole[name]).map(scale);
  return scale(x) - low > 0.6 * (high - low);
}
