/** What a word means, shown beside it: by pointer or by keyboard, until the pointer leaves or Escape is pressed. */

import { closest, select } from "./dom.js";

const GAP = 6;
const PATIENCE = 200; // ms in which the pointer can move from the word to its explanation

/** @param {HTMLElement} word @returns {string} */
function meaningOf(word) {
  const described = document.getElementById(word.getAttribute("aria-describedby") ?? "");
  return word.dataset.tip ?? described?.textContent ?? "";
}

export function listenForTips() {
  const tip = select("#tip");
  let leaving = 0;
  const hide = () => (tip.hidden = true);
  /** @param {HTMLElement} word */
  const show = (word) => {
    clearTimeout(leaving);
    tip.textContent = meaningOf(word);
    tip.hidden = false;
    const { left, top, bottom } = word.getBoundingClientRect();
    const fitsBelow = bottom + GAP + tip.offsetHeight < innerHeight;
    const room = document.documentElement.clientWidth - tip.offsetWidth - GAP;
    tip.style.left = `${Math.max(GAP, Math.min(left, room))}px`;
    tip.style.top = `${fitsBelow ? bottom + GAP : top - GAP - tip.offsetHeight}px`;
  };
  /** @param {Event} event */
  const around = (event) => {
    // A heading that sorts its table has the keyboard's focus beside its word.
    const word = closest(event, ".term") ?? (event.type === "focusin" ? closest(event, "th")?.querySelector(".term") : null);
    if (word) show(word);
    else if (closest(event, "#tip")) clearTimeout(leaving);
    else if (!tip.hidden) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, PATIENCE);
    }
  };
  document.addEventListener("mouseover", around);
  document.addEventListener("focusin", around);
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}
