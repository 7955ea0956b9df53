/**
 * Zoom of the volcano and the MA plot, by buttons and keys, and by what is dragged with Shift. The wheel is left to the
 * page. All arithmetic is in pixels, as an axis may be logarithmic.
 *
 * @typedef {{x: [number, number], y: [number, number]}} Window what a chart shows, in the units of its axes
 * @typedef {{x: [number, number], y: [number, number]}} Box in pixels of the plotting area, from its left and its top
 */

import { views } from "./charts.js";

export const ZOOMABLE = ["volcano", "ma"];
const ZOOM_STEP = 2;
/** By how much of the view a key moves it. */
const PAN_STEP = 0.25;
/** No window is smaller than this share of the whole chart's, in pixels. */
const SMALLEST_BOX = 4;
const DIGITS = 6;

/** @type {Record<string, Window>} by chart; none where a chart is shown whole */
export const windows = {};
/** @type {((name: string) => void)[]} */
const zoomWatchers = [];

/** @param {(name: string) => void} watcher called when a chart was zoomed */
export function onZoom(watcher) {
  zoomWatchers.push(watcher);
}

/** @param {string} name @param {Window} [window] the whole chart if none is given */
export function setWindow(name, window) {
  if (!window && !windows[name]) return;
  if (window) windows[name] = window;
  else delete windows[name];
  views[name].signal("view_x", window?.x ?? null).signal("view_y", window?.y ?? null).runAsync();
  for (const watcher of zoomWatchers) watcher(name);
}

/** @param {string} name @param {Box} box @returns {Window} with as many digits as an address holds */
export function windowOf(name, { x, y }) {
  const view = views[name];
  /** @param {string} axis @param {number[]} places @returns {[number, number]} */
  const invert = (axis, places) => {
    const [a, b] = places.map((place) => Number(view.scale(axis).invert(place).toPrecision(DIGITS)));
    return a < b ? [a, b] : [b, a];
  };
  return { x: invert("x", x), y: invert("y", y) };
}

/** @param {string} name @returns {[number, number]} width and height of its plotting area */
function sizeOf(name) {
  return [views[name].width(), views[name].height()];
}

/** @param {string} name @param {Box} box shown from now on, unless it is too small to be meant */
export function zoomToBox(name, box) {
  if (Math.min(box.x[1] - box.x[0], box.y[1] - box.y[0]) >= SMALLEST_BOX) setWindow(name, windowOf(name, box));
}

/** @param {string} name @param {number} by above 1 to come nearer @param {[number, number]} [at] what stays in its place */
export function zoomBy(name, by, at) {
  const [width, height] = sizeOf(name);
  const [x, y] = at ?? [width / 2, height / 2];
  zoomToBox(name, { x: [x - x / by, x + (width - x) / by], y: [y - y / by, y + (height - y) / by] });
}

/** @param {string} name @param {number} right @param {number} down as shares of the view */
function pan(name, right, down) {
  const [width, height] = sizeOf(name);
  const [across, along] = [right * width, down * height];
  setWindow(name, windowOf(name, { x: [across, width + across], y: [along, height + along] }));
}

/** Move the view so that a place is in its middle, if it is zoomed and does not show it. @param {string} name @param {number} x @param {number} y */
export function bringIntoView(name, x, y) {
  if (inWindow(name, x, y)) return;
  const [width, height] = sizeOf(name);
  const view = views[name];
  pan(name, view.scale("x")(x) / width - 0.5, view.scale("y")(y) / height - 0.5);
}

/** @param {string} name @param {number} x @param {number} y @returns {boolean} whether the chart shows the place */
export function inWindow(name, x, y) {
  const window = windows[name];
  return !window || (x >= window.x[0] && x <= window.x[1] && y >= window.y[0] && y <= window.y[1]);
}

/** @param {string} name @param {KeyboardEvent} event @param {[number, number]} [at] the place of the marked point @returns {boolean} whether the key was one of the zoom's */
export function zoomByKey(name, event, at) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false; // those zoom the page
  const moves = { ArrowLeft: [-PAN_STEP, 0], ArrowRight: [PAN_STEP, 0], ArrowUp: [0, -PAN_STEP], ArrowDown: [0, PAN_STEP] };
  const move = event.shiftKey && moves[/** @type {keyof typeof moves} */ (event.key)];
  if (move) {
    if (windows[name]) pan(name, move[0], move[1]);
  } else if (event.key === "+" || event.key === "=") zoomBy(name, ZOOM_STEP, at);
  else if (event.key === "-") zoomOut(name, at);
  else if (event.key === "0") setWindow(name);
  else return false;
  return true;
}

/** @param {string} name @param {[number, number]} [at] */
export function zoomIn(name, at) {
  zoomBy(name, ZOOM_STEP, at);
}

/** Zoom out, to the whole chart at most. @param {string} name @param {[number, number]} [at] */
export function zoomOut(name, at) {
  if (windows[name]) zoomBy(name, 1 / ZOOM_STEP, at);
}
