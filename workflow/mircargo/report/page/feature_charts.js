/**
 * The charts of one miRNA: its counts in every sample, and its stress test.
 *
 * @import { Contrast, Group } from "./model.js"
 * @import { Row } from "./tables.js"
 * @typedef {ReturnType<typeof placeSamples>[number]} Sample
 */

import { setCaption, views } from "./charts.js";
import { select } from "./dom.js";
import { formatCount, range } from "./numbers.js";
import { toNumber } from "./tables.js";

// Samples of a group whose points have their full size; those of larger groups are smaller.
const MOST_AT_FULL_SIZE = 50;
// An axis over less would make noise look like a difference.
const LEAST_SPAN = Math.log10(4);
const MOST_TICKS = 7;
/** Shapes of the groups, so that they differ without colour. */
const SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"];

/**
 * @param {Contrast} contrast
 * @param {string} feature
 * @param {Map<string, number>} counts by sample
 * @param {string} elsewhere where the counts are that the page does not hold
 */
export function showCounts(contrast, feature, counts, elsewhere) {
  const { groups } = contrast;
  const samples = groups.flatMap((group, place) => placeSamples(group, place, counts));
  const means = groups.map((group, place) => groupMean(samples, group, place)).filter((row) => row.n);
  const [low, high] = axisRange(samples.map((row) => row.height));
  const largest = Math.max(...groups.map((group) => group.members.length));
  const view = views.counts.signal("dot", Math.max(4, Math.min(60, (60 * MOST_AT_FULL_SIZE) / largest)));
  view.signal("low", low).signal("high", high).signal("ticks", ticksBetween(low, high));
  view.signal("last", groups.length - 1);
  view.signal("groups", groups.map((group) => `${group.name}\nn = ${group.members.length}`));
  const paired = samples.filter((row) => row.subject !== null);
  view.data("samples", samples).data("means", means).data("pairs", paired).resize().runAsync();
  const words = means.map((row) => `${formatCount(10 ** row.height - 1)} in ${row.group} (${row.n})`).join(", ");
  const joined = paired.length ? " Lines join samples of one subject." : "";
  const none = `No counts of this miRNA${elsewhere}.`;
  setCaption("counts", samples.length ? `Bars: means on this scale, ${words}. Zeros stand at 0.${joined}` : none);
  select("#counts").setAttribute("aria-label", `Counts of ${feature}`);
}

/** @param {Group} group @param {number} place @param {Map<string, number>} counts by sample */
function placeSamples(group, place, counts) {
  const gaps = group.members.length - 1;
  const spread = Math.min(0.6, 0.08 * gaps);
  return group.members
    .map(([sample, subject]) => ({ sample, subject, count: counts.get(sample) ?? NaN }))
    .filter(({ count }) => Number.isFinite(count))
    .map((row, i) => ({
      ...row,
      group: group.name,
      height: Math.log10(row.count + 1),
      place: gaps ? place + spread * (i / gaps - 0.5) : place,
      colour: group.colour,
      shape: SHAPES[place % SHAPES.length],
    }));
}

/** @param {Sample[]} samples @param {Group} group @param {number} place */
function groupMean(samples, group, place) {
  const heights = samples.filter((row) => row.group === group.name).map((row) => row.height);
  const height = heights.reduce((sum, each) => sum + each, 0) / heights.length;
  return { group: group.name, n: heights.length, height, place: place - 0.36, end: place + 0.36 };
}

/** @param {number[]} heights @returns {[number, number]} the ends of an axis for them */
function axisRange(heights) {
  if (!heights.length) return [0, 2];
  const [low, high] = range(heights);
  const lack = Math.max(0, LEAST_SPAN - (high - low)) / 2;
  const [bottom, top] = [Math.max(low - lack, 0), high + lack];
  const margin = 0.06 * (top - bottom);
  return [bottom - margin, top + margin];
}

/** @param {number} low @param {number} high @returns {number[]} places of 0, 1, 2, 5, 10 ...; of tens alone if many */
function ticksBetween(low, high) {
  const tens = Array.from({ length: 9 }, (_, i) => 10 ** i);
  /** @param {number[]} counts */
  const within = (counts) => counts.map((count) => Math.log10(count + 1)).filter((at) => at >= low && at <= high);
  const all = within([0, ...tens.flatMap((ten) => [ten, 2 * ten, 5 * ten])]);
  return all.length > MOST_TICKS ? within([0, ...tens]) : all;
}

/** @param {string} feature @param {Row[]} variants its rows of `page/stress/{contrast}.tsv` */
export function showStress(feature, variants) {
  const rows = variants
    .map(({ variant, kind, n, call, ...numbers }) => ({
      kind,
      call,
      variant,
      label: kind === "rest" ? `${n} more, each without a ${variant}` : variant,
      log2FoldChange: toNumber(numbers.log2FoldChange),
      ci_low: toNumber(numbers.ci_low),
      ci_high: toNumber(numbers.ci_high),
    }))
    .filter((row) => Number.isFinite(row.ci_low) && Number.isFinite(row.ci_high))
    .map((row, place) => ({ ...row, place }));
  const view = views.stress.signal("last", Math.max(rows.length - 1, 0));
  view.signal("labels", rows.map((row) => row.label));
  view.data("zero", [{ at: 0 }]).data("variants", rows).resize().runAsync();
  setCaption("stress", rows.length ? describeStress(rows) : "No re-analysis fitted this miRNA.");
  select("#stress").setAttribute("aria-label", `Stress test of ${feature}`);
}

/** @param {{kind: string, call: string, variant: string}[]} rows */
function describeStress(rows) {
  const base = rows.find((row) => row.kind === "base")?.call;
  const rest = rows.find((row) => row.kind === "rest");
  const other = rows.filter((row) => row.call && row.call !== base).length;
  const count = `${other || "None"} of the re-analyses drawn by themselves ${other > 1 ? "say" : "says"} otherwise.`;
  const bar = rest ? ` The broad bar spans the fold changes of all other re-analyses without a ${rest.variant}.` : "";
  return `As configured: ${base ?? "not tested"}. ${count}${bar}`;
}
