/**
 * The brush: what is dragged over in the volcano or the MA plot, or stands in the zoomed view, is all that the table
 * shows.
 *
 * @import { Box, Window } from "./zoom.js"
 * @typedef {{chart: string} & Window} Region in the units of the chart's axes, ends included
 */

import { placeIn, views } from "./charts.js";
import { closest, select, selectAll } from "./dom.js";
import { setWindow, windowOf, windows, ZOOMABLE, zoomIn, zoomOut, zoomToBox } from "./zoom.js";

/** A pointer that moved less was meant as a click. */
const LEAST_DRAG = 5;

/** @type {Region | null} */
let brushed = null;
/** @type {(() => void)[]} */
const regionWatchers = [];

/** @param {() => void} watcher called when the region was changed */
export function onRegion(watcher) {
  regionWatchers.push(watcher);
}

/** @returns {Region | null} */
export function currentRegion() {
  return brushed;
}

/** @param {Region | null} region */
export function setRegion(region) {
  if (!region && !brushed) return;
  brushed = region;
  drawBrushed();
  for (const button of selectAll("button[data-zoom=region]")) {
    /** @type {HTMLButtonElement} */ (button).disabled = button.dataset.chart !== region?.chart;
  }
  for (const watcher of regionWatchers) watcher();
}

function drawBrushed() {
  for (const name of ZOOMABLE) drawRegion(name, brushed?.chart === name ? brushed : null);
}

/** @param {string} name @param {Window | null} window */
function drawRegion(name, window) {
  const rows = window ? [{ left: window.x[0], right: window.x[1], low: window.y[0], high: window.y[1] }] : [];
  views[name].data("region", rows).runAsync();
}

/** @param {number} features of them the table shows what its other filters leave */
export function describeRegion(features) {
  select("#region").hidden = !brushed;
  const chart = brushed?.chart === "ma" ? "the MA plot" : "the volcano plot";
  const count = `${features.toLocaleString("en")} ${features === 1 ? "feature" : "features"}`;
  select("#region-text").textContent = brushed ? `${count} in the brushed region of ${chart}` : "";
}

/** @param {string} name @param {number[]} start @param {number[]} end @returns {Box} */
function boxBetween(name, start, end) {
  const most = [views[name].width(), views[name].height()];
  /** @param {number} i @returns {[number, number]} */
  const ends = (i) => {
    const within = [start[i], end[i]].map((place) => Math.max(0, Math.min(most[i], place)));
    return [Math.min(...within), Math.max(...within)];
  };
  return { x: ends(0), y: ends(1) };
}

/** @param {string} name */
function listenForDrags(name) {
  const place = select(`#${name}`);
  /** @type {{start: number[], isZoom: boolean, moved: boolean} | null} */
  let drag = null;
  let justDragged = false;
  place.addEventListener("pointerdown", (event) => {
    justDragged = false;
    // A finger scrolls the page.
    if (event.button !== 0 || event.pointerType === "touch") return;
    const start = placeIn(name, event);
    if (start[0] < 0 || start[0] > views[name].width() || start[1] < 0 || start[1] > views[name].height()) return;
    drag = { start, isZoom: event.shiftKey, moved: false };
  });
  const opts = { capture: true }; // before the points are looked for
  place.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const at = placeIn(name, event);
    if (!drag.moved) {
      if (Math.hypot(at[0] - drag.start[0], at[1] - drag.start[1]) < LEAST_DRAG) return;
      drag.moved = true;
      place.setPointerCapture(event.pointerId);
    }
    event.stopImmediatePropagation();
    drawRegion(name, windowOf(name, boxBetween(name, drag.start, at)));
  }, opts);
  const stop = () => {
    drag = null;
    drawBrushed(); // as it was
  };
  place.addEventListener("pointerup", (event) => {
    if (!drag?.moved) return void (drag = null);
    const box = boxBetween(name, drag.start, placeIn(name, event));
    const { isZoom } = drag;
    justDragged = true;
    stop();
    if (isZoom) zoomToBox(name, box);
    else setRegion({ chart: name, ...windowOf(name, box) });
  });
  place.addEventListener("pointercancel", () => drag && stop());
  place.addEventListener("click", (event) => {
    if (justDragged) event.stopImmediatePropagation();
    justDragged = false;
  }, opts);
  place.addEventListener("dblclick", () => setWindow(name));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) {
      event.stopImmediatePropagation(); // so that the region that was there before stays
      stop();
    }
  }, opts);
}

/** @param {string} name @returns {Region} what the chart shows */
function regionInView(name) {
  const whole = { x: [0, views[name].width()], y: [0, views[name].height()] };
  return { chart: name, ...(windows[name] ?? windowOf(name, /** @type {Box} */ (whole))) };
}

export function listenForBrush() {
  ZOOMABLE.forEach(listenForDrags);
  document.addEventListener("click", (event) => {
    const button = closest(event, "button[data-zoom]");
    const name = button?.dataset.chart ?? "";
    if (!button) return;
    const region = brushed?.chart === name ? { x: brushed.x, y: brushed.y } : undefined;
    /** @type {Record<string, () => void>} */
    const actions = {
      in: () => zoomIn(name),
      out: () => zoomOut(name),
      region: () => setWindow(name, region),
      select: () => setRegion(regionInView(name)),
      whole: () => setWindow(name),
    };
    actions[button.dataset.zoom ?? ""]();
  });
  select("#region-clear").addEventListener("click", () => setRegion(null));
  document.addEventListener("keydown", (event) => {
    // In a box of text, Escape clears the text.
    if (event.key === "Escape" && brushed && !closest(event, "input[type=search]")) setRegion(null);
  });
}
