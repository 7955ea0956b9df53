/** Finding a miRNA by any name it has had: a box with a list of what fits. */

const MOST_FOUND = 12;

/**
 * @param {Record<string, string[]>} names other names of each feature
 * @returns {(text: string) => {feature: string, by: string}[]} the best first: whole name, beginning, any part
 */
function makeSearch(names) {
  const entries = Object.entries(names).flatMap(([feature, others]) =>
    [feature, ...others].map((name) => ({ feature, by: name, key: name.toLowerCase() })),
  );
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
      const had = best.get(entry.feature);
      if (rank < 3 && (!had || rank < had.rank)) best.set(entry.feature, { ...entry, rank });
    }
    return [...best.values()].sort((a, b) => a.rank - b.rank || a.key.length - b.key.length);
  };
}

/** @param {(text: string) => {feature: string, by: string}[]} find @param {(feature: string) => void} choose */
function startSearch(find, choose) {
  const box = document.getElementById("find");
  const list = document.getElementById("found");
  let at = -1;

  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const take = (option) => {
    hover("");
    choose(option.dataset.found);
    box.value = option.dataset.found;
    close();
  };
  const point = (to) => {
    const options = [...list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    at = (to + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    box.setAttribute("aria-activedescendant", options[at].id);
    hover(options[at].dataset.found);
  };
  const show = () => {
    const found = find(box.value);
    list.replaceChildren(...found.slice(0, MOST_FOUND).map(option));
    if (found.length > MOST_FOUND) list.append(note(`and ${found.length - MOST_FOUND} more: write on`));
    if (!found.length && box.value.trim()) list.append(note("no miRNA of this study has had this name"));
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
      const options = list.querySelectorAll("[role=option]");
      if (options.length) take(options[Math.max(at, 0)]);
    } else if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // so that the box keeps the focus
    const chosen = event.target.closest("[role=option]");
    if (chosen) take(chosen);
  });
}

/** @param {{feature: string, by: string}} found @param {number} i */
function option(found, i) {
  const element = document.createElement("li");
  element.id = `found-${i}`;
  element.role = "option";
  element.setAttribute("aria-selected", "false");
  element.dataset.found = found.feature;
  element.textContent = found.by === found.feature ? found.feature : `${found.feature} (${found.by})`;
  return element;
}

/** @param {string} text */
function note(text) {
  const element = document.createElement("li");
  element.role = "presentation";
  element.className = "soft";
  element.textContent = text;
  return element;
}
