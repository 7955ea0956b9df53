/**
 * What the page knows beside the tables: contrasts, their samples and groups, thresholds, and the charts.
 *
 * @typedef {{name: string, colour: string, members: [sample: string, subject: string | null][]}} Group
 * @typedef {{name: string, title: string, question: string, target: string | null, candidates: string[],
 *   release: string | null, common_cautions: string[], groups: Group[]}} Contrast
 * @typedef {{alpha: number, fold: number, alphas: number[], errors: number[]}} Thresholds as configured, and the alphas to
 *   choose from, each with the standard errors on either side of a fold change that are its interval
 * @typedef {{contrasts: Contrast[], has_all_counts: boolean, charts: Record<string, object>, thresholds: Thresholds}} Model
 */

import { select } from "./dom.js";

/** @returns {Model} */
export function readModel() {
  return JSON.parse(select("#model").textContent);
}

/** @param {Contrast} contrast @param {string} feature */
export function roleOf(contrast, feature) {
  if (feature === contrast.target) return "target";
  return contrast.candidates.includes(feature) ? "co-cargo" : "other";
}
