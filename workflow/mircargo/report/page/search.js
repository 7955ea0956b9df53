/**
 * Finding a miRNA by any name it has had: a box with a list of what fits.
 *
 * @typedef {{feature: string, by: string}} Found
 */

import { closest, make, select } from "./dom.js";
import { hover } from "./marking.js";

const MOST_FOUND = 12;

/**
 * @param {Record<string, string[]>} names other names of each feature
 * @returns {(text: string) => Found[]} the best first: whole name, beginning, any part
 */
function makeSearch(names) {
  const entries = Object.entries(names).flatMap(([feature, others]) =>
    [feature, ...others].map((name) => ({ feature, by: name, key: name.toLowerCase() })),
  );
  /** @param {string} key @param {string} wanted */
  const rankOf = (key, wanted) => {
    const bare = key.replace(/^[a-z]{3,4}-/, "");
    if (key === wanted || bare === wanted) return 0;
    if (key.startsWith(wanted) || bare.startsWith(wanted)) return 1;
    return key.includes(wanted) ? 2 : 3;
  };
  return (text) => {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const best = new Map();
    for (const entry of entries) {
      const rank = rankOf(entry.key, wanted);
      if (rank < (best.get(entry.feature)?.rank ?? 3)) best.set(entry.feature, { ...entry, rank });
    }
    return [...best.values()].sort((a, b) => a.rank - b.rank || a.key.length - b.key.length);
  };
}

/** @param {Record<string, string[]>} names other names of each feature @param {(feature: string) => void} choose */
export function startSearch(names, choose) {
  const find = makeSearch(names);
  const box = select("#find", HTMLInputElement);
  const list = select("#found");
  /** @type {HTMLElement[]} */
  let options = [];
  let at = -1;

  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    at = -1;
  };
  /** @param {HTMLElement} option */
  const take = (option) => {
    const feature = option.dataset.found ?? "";
    hover("");
    choose(feature);
    box.value = feature;
    close();
  };
  /** @param {number} to */
  const point = (to) => {
    if (!options.length) return;
    at = (to + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    box.setAttribute("aria-activedescendant", options[at].id);
    hover(options[at].dataset.found ?? "");
  };
  const show = () => {
    const found = find(box.value);
    options = found.slice(0, MOST_FOUND).map(makeOption);
    list.replaceChildren(...options);
    if (found.length > MOST_FOUND) list.append(makeNote(`and ${found.length - MOST_FOUND} more: keep typing`));
    if (!found.length && box.value.trim()) list.append(makeNote("no miRNA of this study has had this name"));
    list.hidden = !list.childElementCount;
    box.setAttribute("aria-expanded", String(!list.hidden));
    at = -1;
  };

  box.addEventListener("input", show);
  box.addEventListener("focus", () => box.value && show());
  box.addEventListener("blur", () => setTimeout(close, 150));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      point(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter") {
      if (options.length) take(options[Math.max(at, 0)]);
    } else if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // so that the box keeps the focus
    const option = closest(event, "[role=option]");
    if (option) take(option);
  });
}

/** @param {Found} found @param {number} i */
function makeOption({ feature, by }, i) {
  const textContent = by === feature ? feature : `${feature} (${by})`;
  const attributes = { role: "option", "aria-selected": "false", "data-found": feature };
  return make("li", { id: `found-${i}`, textContent }, attributes);
}

/** @param {string} textContent */
function makeNote(textContent) {
  return make("li", { className: "soft", textContent }, { role: "presentation" });
}
