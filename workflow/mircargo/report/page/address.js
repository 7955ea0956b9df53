/**
 * What Explore shows, as the address holds it, so that a link can be shared:
 * `#explore?contrast=c1&pinned=hsa-miR-21-5p&alpha=0.1&region=ma,10,500,1,3&sort=padj,asc&page=2`.
 *
 * @import { Looked } from "./thresholds.js"
 * @import { Region } from "./brush.js"
 * @import { Window } from "./zoom.js"
 * @typedef {{text: string, call: string, sort: [column: string, direction: string], page: number, length: number}} TableState
 * @typedef {{contrast: string, pinned: string[], looked: Looked | null, region: Region | null,
 *   windows: Record<string, Window>, table: TableState}} State
 * @typedef {{contrasts: string[], features: string[], columns: string[], calls: string[], lengths: number[],
 *   charts: string[], alpha: number, fold: number, canLookAt: (at: Looked) => boolean}} Known what a link can name
 */

const BEGINNING = "#explore?";
const MOST_QUOTED = 60;

/** @type {TableState} what the table shows at first */
export const FIRST_TABLE = { text: "", call: "", sort: ["padj", "asc"], page: 1, length: 25 };

/** @param {Window} window @returns {string} */
function ends({ x, y }) {
  return [...x, ...y].join(",");
}

/** @param {State} state @param {string | null} target of its contrast, which is pinned by itself @returns {string} */
export function writeAddress({ contrast, pinned, looked, region, windows, table }, target) {
  const parts = new URLSearchParams({ contrast });
  if (pinned.join("\t") !== (target ?? "")) for (const feature of pinned) parts.append("pinned", feature);
  if (looked) parts.set("alpha", String(looked.alpha));
  if (looked) parts.set("fold", String(looked.fold));
  if (region) parts.set("region", `${region.chart},${ends(region)}`);
  for (const [name, window] of Object.entries(windows)) parts.append("zoom", `${name},${ends(window)}`);
  for (const key of /** @type {const} */ (["text", "call", "sort", "page", "length"])) {
    const value = String(table[key]);
    if (value !== String(FIRST_TABLE[key])) parts.set(key, value);
  }
  return BEGINNING + String(parts).replaceAll("%2C", ","); // a comma can stand in an address, and is easier to read
}

/** @param {string} text @param {string[]} charts @returns {Region | undefined} */
function readWindow(text, charts) {
  const [chart, ...numbers] = text.split(",");
  const [left, right, low, high] = numbers.map((each) => (each.trim() ? Number(each) : NaN));
  const isWhole = numbers.length === 4 && [left, right, low, high].every(Number.isFinite);
  if (!isWhole || !charts.includes(chart) || left >= right || low >= high) return undefined;
  if (chart === "ma" && left <= 0) return undefined; // its axis is logarithmic
  return { chart, x: [left, right], y: [low, high] };
}

/** @param {string} text @returns {number | undefined} */
function readCount(text) {
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined;
}

/**
 * @template T
 * @param {T} value
 * @param {T[]} among
 * @returns {T | undefined}
 */
function ifAmong(value, among) {
  return among.includes(value) ? value : undefined;
}

/**
 * @param {string} hash of the address
 * @param {Known} known
 * @returns {{state: Partial<Omit<State, "table">> & {table: Partial<TableState>}, faults: string[]} | null} what it says,
 *   and the parts of it that name nothing; null where it is not the address of a view
 */
export function readAddress(hash, known) {
  if (!hash.startsWith(BEGINNING)) return null;
  /** @type {Partial<Omit<State, "table">> & {table: Partial<TableState>}} */
  const state = { table: {} };
  /** @param {Partial<TableState>} part @returns {unknown} its value; what is not understood stays as it is at first */
  const show = (part) => {
    const [value] = Object.values(part);
    if (value !== undefined) Object.assign(state.table, part);
    return value;
  };
  /** @type {Looked} */
  const looked = { alpha: known.alpha, fold: known.fold };
  /** @type {Record<string, (text: string) => unknown>} each returns undefined where it is not understood */
  const readers = {
    contrast: (text) => (state.contrast = ifAmong(text, known.contrasts)),
    pinned: (text) => ifAmong(text, known.features) && (state.pinned ??= []).push(text),
    alpha: (text) => text.trim() && known.canLookAt({ ...looked, alpha: Number(text) }) ? (looked.alpha = Number(text)) : undefined,
    fold: (text) => text.trim() && known.canLookAt({ ...looked, fold: Number(text) }) ? (looked.fold = Number(text)) : undefined,
    region: (text) => (state.region = readWindow(text, known.charts)),
    zoom: (text) => {
      const read = readWindow(text, known.charts);
      if (read) (state.windows ??= {})[read.chart] = { x: read.x, y: read.y };
      return read;
    },
    text: (text) => show({ text }),
    call: (text) => show({ call: ifAmong(text, known.calls) }),
    sort: (text) => {
      const [column, direction, ...more] = text.split(",");
      const isKnown = known.columns.includes(column) && ["asc", "desc"].includes(direction) && !more.length;
      return show({ sort: isKnown ? [column, direction] : undefined });
    },
    page: (text) => show({ page: readCount(text) }),
    length: (text) => show({ length: ifAmong(Number(text), known.lengths) }),
  };
  const faults = [];
  for (const [key, text] of new URLSearchParams(hash.slice(BEGINNING.length))) {
    const isUnderstood = Object.hasOwn(readers, key) && readers[key](text) !== undefined;
    if (!isUnderstood) faults.push(shorten(`${key}=${text}`));
  }
  if (looked.alpha !== known.alpha || looked.fold !== known.fold) state.looked = looked;
  return { state, faults };
}

/** @param {string} text @returns {string} as it can be quoted in a sentence */
export function shorten(text) {
  return text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text;
}
