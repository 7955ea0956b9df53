/** The charts as Vega keeps them. */

import { select } from "./dom.js";
import { importScript } from "./files.js";

const ERRORS_ONLY = 1;

/** @type {Record<string, any>} Vega's views by the name of their chart */
export const views = {};

/** @param {Record<string, object>} specs Vega-Lite by name; a chart without a place on the page is left out */
export async function makeCharts(specs) {
  await importScript("scripts/vega.js");
  for (const [name, spec] of Object.entries(specs)) {
    const place = document.getElementById(name);
    if (!place) continue;
    // Expressions are interpreted, not compiled, so that the page needs no `eval`.
    // Charts are empty until their rows arrive; Vega would warn of that.
    const settings = { actions: false, ast: true, renderer: "canvas", logLevel: ERRORS_ONLY };
    const { view } = await /** @type {any} */ (globalThis).vegaEmbed(place, spec, settings);
    views[name] = view;
    Object.assign(place, { view }); // for the browser's console
  }
  addEventListener("resize", () => Object.values(views).forEach((view) => view.resize()));
}

/** @param {string} name @param {MouseEvent} event @returns {[x: number, y: number]} in pixels of the plotting area */
export function placeIn(name, event) {
  const view = views[name];
  const box = view.container().querySelector("canvas").getBoundingClientRect();
  const [across, up] = view.origin();
  const { left, top } = view.padding();
  return [event.clientX - box.left - across - left, event.clientY - box.top - up - top];
}

/** @param {string} name @param {string} text */
export function setCaption(name, text) {
  select(`#${name} + .drawn`).textContent = text;
}
