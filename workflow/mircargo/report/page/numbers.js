/** Numbers as the page writes them; a dash where one is missing. */

/** @param {number} value */
export function formatSigned(value) {
  return Number.isNaN(value) ? "–" : `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(2)}`;
}

/** @param {number} p as the sentences of the page write it */
export function formatP(p) {
  if (Number.isNaN(p)) return "–";
  if (p > 0.99) return "above 0.99";
  if (p < 1e-300) return "below 1e-300";
  return p >= 1e-3 ? String(Number(p.toPrecision(2))) : p.toExponential(1).replace(/e-(\d)$/, "e-0$1");
}

/** @param {number} count with its thousands apart */
export function formatCount(count) {
  return Number.isNaN(count) ? "–" : count.toLocaleString("en", { maximumFractionDigits: count < 10 ? 1 : 0 });
}

/** @param {number} share */
export function formatShare(share) {
  return Number.isNaN(share) ? "–" : `${Math.round(100 * share)}%`;
}

/** @param {Iterable<number>} values @returns {[number, number]} Infinity and -Infinity if there are none */
export function range(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}
