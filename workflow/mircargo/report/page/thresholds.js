/**
 * Thresholds for looking: what would be called where alpha or the fold change lay elsewhere. The configured calls stay.
 *
 * @import { Thresholds } from "./model.js"
 * @import { Result } from "./data_table.js"
 * @typedef {{alpha: number, fold: number}} Looked
 */

import { select } from "./dom.js";
import { readModel } from "./model.js";
import { formatCount } from "./numbers.js";

/** The most that the fold change can be set above the configured one, and the steps on the way there. */
const FOLD_SPAN = 5;
const FOLD_STEP = 0.1;

/** @type {Thresholds} */
const configured = readModel().thresholds;
/** @type {Looked} */
const looked = { alpha: configured.alpha, fold: configured.fold };
/** @type {(() => void)[]} */
const thresholdWatchers = [];

/** @returns {Looked | null} the thresholds that the page looks at, null for the configured ones */
export function lookedThresholds() {
  const { alpha, fold } = looked;
  return alpha === configured.alpha && fold === configured.fold ? null : { alpha, fold };
}

/** @param {Looked} thresholds @returns {boolean} whether the sliders reach them */
export function canLookAt({ alpha, fold }) {
  return configured.alphas.includes(alpha) && fold >= configured.fold && fold <= configured.fold + FOLD_SPAN;
}

/**
 * The call at the thresholds that are looked at, by the rule of the configured calls: padj below alpha, and an interval
 * of 1 - alpha beyond 0. A fold change above the configured one cuts off estimates and tests nothing.
 *
 * @param {Result} result
 * @returns {string} up, down, none or not tested
 */
export function lookedCall({ call, numbers }) {
  const at = lookedThresholds();
  if (!at) return call;
  const { padj, log2FoldChange, lfcSE } = numbers;
  if (Number.isNaN(padj)) return "not tested";
  const size = Math.abs(log2FoldChange);
  const cut = at.fold > configured.fold ? at.fold : 0;
  const isCalled = padj < at.alpha && size > configured.errors[configured.alphas.indexOf(at.alpha)] * lfcSE && size >= cut;
  if (!isCalled) return "none";
  return log2FoldChange > 0 ? "up" : "down";
}

/** @returns {number[]} log2 fold changes at which something is cut off */
export function cutsOfFold() {
  return looked.fold > 0 ? [-looked.fold, looked.fold] : [];
}

/** @param {Looked} at @returns {string} */
function inWords({ alpha, fold }) {
  return `padj below ${alpha}${fold > 0 ? ` and an absolute log2 fold change of at least ${fold}` : ""}`;
}

/** @param {string[]} calls @returns {string} */
function countCalls(calls) {
  /** @param {string} wanted */
  const count = (wanted) => formatCount(calls.filter((call) => call === wanted).length);
  return `${count("up")} up, ${count("down")} down`;
}

/** Say how many are called, as configured and at the thresholds looked at. @param {Result[]} results */
export function describeLooking(results) {
  const at = lookedThresholds();
  const own = results.map((result) => result.call);
  const now = results.map(lookedCall);
  const differing = now.filter((call, i) => call !== own[i]).length;
  select("#looked-configured").textContent = `As configured: ${countCalls(own)}.`;
  select("#looked").textContent = at
    ? `At ${inWords(at)}: ${countCalls(now)}; ${formatCount(differing)} ${differing === 1 ? "differs" : "differ"} from the configured call.`
    : "";
  select("#looking-mark").hidden = !at;
  select("#looking").classList.toggle("on", Boolean(at));
  select("#look-back", HTMLButtonElement).disabled = !at;
}

/** @returns {string} how the colours of a chart are to be read; empty as configured */
export function wordsOfLooking() {
  const at = lookedThresholds();
  return at ? `Coloured for looking, at ${inWords(at)}, not at the configured thresholds` : "";
}

/** @returns {string} a column's name for calls at the thresholds looked at */
export function nameOfLookedCall() {
  return `call_at_padj_${looked.alpha}_log2_fold_change_${looked.fold}`;
}

/** @param {Looked | null} to null for the configured ones */
export function lookAt(to) {
  Object.assign(looked, to ?? { alpha: configured.alpha, fold: configured.fold });
  const [alpha, fold] = [select("#look-alpha", HTMLInputElement), select("#look-fold", HTMLInputElement)];
  alpha.value = String(configured.alphas.indexOf(looked.alpha));
  fold.value = String(Math.round((looked.fold - configured.fold) / FOLD_STEP));
  alpha.setAttribute("aria-valuetext", String(looked.alpha));
  fold.setAttribute("aria-valuetext", String(looked.fold));
  select("#look-alpha-value").textContent = String(looked.alpha);
  select("#look-fold-value").textContent = String(looked.fold);
  for (const watcher of thresholdWatchers) watcher();
}

/** @param {() => void} watcher called whenever a threshold was moved */
export function onThresholds(watcher) {
  thresholdWatchers.push(watcher);
}

export function listenForThresholds() {
  const [alpha, fold] = [select("#look-alpha", HTMLInputElement), select("#look-fold", HTMLInputElement)];
  alpha.max = String(configured.alphas.length - 1);
  fold.max = String(Math.round(FOLD_SPAN / FOLD_STEP));
  const move = () => {
    const steps = Number(fold.value) * FOLD_STEP;
    lookAt({ alpha: configured.alphas[Number(alpha.value)], fold: Number((configured.fold + steps).toPrecision(6)) });
  };
  alpha.addEventListener("input", move);
  fold.addEventListener("input", move);
  select("#look-back").addEventListener("click", () => lookAt(null));
  lookAt(null);
}
