/** Which miRNA is pointed at and which are pinned; whoever shows miRNAs listens. */

import { closest, selectAll } from "./dom.js";

export const marks = {
  hovered: "",
  /** @type {string[]} */
  pinned: [],
};
/** @type {(() => void)[]} */
const listeners = [];
let waiting = false;

/** @param {() => void} listener */
export function onMarks(listener) {
  listeners.push(listener);
}

/** Call the listeners once a frame, however fast the pointer moves. */
function notify() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    for (const listener of listeners) listener();
  });
}

/** @param {string} feature */
export function hover(feature) {
  if (marks.hovered === feature) return;
  marks.hovered = feature;
  notify();
}

/** Pin a miRNA as the last one, which is the one whose counts are shown. @param {string} feature */
export function pin(feature) {
  marks.pinned = [...marks.pinned.filter((each) => each !== feature), feature];
  notify();
}

/** Pin these alone. @param {string[]} features */
export function setPinned(features) {
  marks.pinned = [...new Set(features)];
  notify();
}

/** @param {string} feature */
export function togglePin(feature) {
  const others = marks.pinned.filter((each) => each !== feature);
  if (others.length === marks.pinned.length) others.push(feature);
  marks.pinned = others;
  notify();
}

/** @returns {string} the miRNA that was pinned last */
export function lastPinned() {
  return marks.pinned.at(-1) ?? "";
}

/** @returns {string} the miRNA whose counts are shown */
export function currentFeature() {
  return marks.hovered || lastPinned();
}

/** @returns {string[]} */
export function marked() {
  return [...new Set([...marks.pinned, marks.hovered])].filter(Boolean);
}

export function paintMarks() {
  for (const element of selectAll("[data-feature]")) {
    const feature = element.dataset.feature ?? "";
    const pinned = marks.pinned.includes(feature);
    element.classList.toggle("hovered", feature === marks.hovered);
    element.classList.toggle("pinned", pinned);
    if (element.matches("button.mirna")) element.setAttribute("aria-pressed", String(pinned));
  }
}

export function listenForMarks() {
  let place = "";
  /** @param {MouseEvent} event @returns {boolean} whether the pointer moved, and not the page under it */
  const moved = (event) => {
    const before = place;
    place = `${event.clientX} ${event.clientY}`;
    return place !== before;
  };
  /** @param {Event} event */
  const hoverAround = (event) => hover(closest(event, "[data-feature]")?.dataset.feature ?? "");
  document.addEventListener("mouseover", (event) => {
    if (moved(event) && !closest(event, ".plot")) hoverAround(event);
  });
  document.addEventListener("mousemove", moved, { passive: true });
  document.addEventListener("focusin", hoverAround);
  document.addEventListener("click", (event) => {
    const feature = closest(event, "button.mirna, tr[data-feature]")?.dataset.feature;
    if (feature && !closest(event, "a") && !getSelection()?.toString()) togglePin(feature);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hover("");
  });
  onMarks(paintMarks);
}
