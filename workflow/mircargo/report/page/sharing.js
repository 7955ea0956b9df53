/**
 * Keeps the address in step with what Explore shows, and shows what an address says.
 *
 * @import { Contrast } from "./model.js"
 * @typedef {{contrast: () => Contrast, show: (contrast: string) => Promise<void>, features: string[]}} Explored
 */

import { FIRST_TABLE, readAddress, shorten, writeAddress } from "./address.js";
import { currentRegion, onRegion, setRegion } from "./brush.js";
import { select } from "./dom.js";
import { marks, onMarks, setPinned } from "./marking.js";
import { readModel } from "./model.js";
import { onTable, setTableState, tableChoices, tableState } from "./results_table.js";
import { canLookAt, lookAt, lookedThresholds, onThresholds } from "./thresholds.js";
import { onZoom, setWindow, windows, ZOOMABLE } from "./zoom.js";

/** Browsers refuse an address that is changed too often. */
const WAIT = 250;

/** @param {Explored} explored */
export async function startSharing(explored) {
  const { contrasts, thresholds } = readModel();
  const names = contrasts.map((each) => each.name);
  const { alpha, fold } = thresholds;
  const known = { ...tableChoices(), contrasts: names, features: explored.features, charts: ZOOMABLE, alpha, fold, canLookAt };
  const address = () => {
    const { name: contrast, target } = explored.contrast();
    const state = { contrast, pinned: marks.pinned, looked: lookedThresholds(), region: currentRegion(), windows };
    return writeAddress({ ...state, table: tableState() }, target);
  };

  /** Show what the address says, and say which parts of it name nothing. */
  const restore = async () => {
    const { hash } = location;
    const read = readAddress(hash, known);
    const faults = read?.faults ?? [];
    if (read) {
      const { contrast, pinned, looked, region, windows: zoomed, table } = read.state;
      await explored.show(contrast ?? explored.contrast().name);
      const target = explored.contrast().target;
      setPinned(pinned ?? (target ? [target] : []));
      await new Promise(requestAnimationFrame); // the table turns to what is pinned, before it is turned to its page
      lookAt(looked ?? null);
      for (const name of ZOOMABLE) setWindow(name, zoomed?.[name]);
      setRegion(region ?? null);
      faults.push(...setTableState({ ...FIRST_TABLE, ...table }));
      select(region ? `#${region.chart}-chart` : "#explore").scrollIntoView({ behavior: "instant" });
    } else if (hash.length > 1 && !document.getElementById(decodeAnchor(hash.slice(1)))) faults.push(shorten(hash));
    const note = select("#address-note");
    note.hidden = !faults.length;
    note.textContent = faults.length ? `The address asks for what this page does not have; left out: ${faults.join("; ")}.` : "";
    if (faults.length && !read) note.textContent = `The address names no part of this page: ${faults[0]}.`;
  };

  let written = address();
  await restore();
  written = location.hash.startsWith("#explore?") ? address() : written;
  let waiting = 0;
  const note = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const now = address();
      if (now !== written) history.replaceState(null, "", now);
      written = now;
    }, WAIT);
  };
  onMarks(note);
  onTable(note);
  onRegion(note);
  onZoom(note);
  onThresholds(note);
  addEventListener("hashchange", restore);
}

/** @param {string} text @returns {string} the text itself where it is not well encoded */
function decodeAnchor(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
