/** Which miRNA is pointed at and which are pinned; whoever shows miRNAs listens. */

const marks = {
  hovered: "",
  /** @type {string[]} */
  pinned: [],
  /** @type {(() => void)[]} */
  listeners: [],
  waiting: false,
};

/** @param {() => void} listener */
function onMarks(listener) {
  marks.listeners.push(listener);
}

/** Tell the listeners once a frame, however fast the pointer moves. */
function marksChanged() {
  if (marks.waiting) return;
  marks.waiting = true;
  requestAnimationFrame(() => {
    marks.waiting = false;
    for (const listener of marks.listeners) listener();
  });
}

/** @param {string} feature */
function hover(feature) {
  if (marks.hovered === feature) return;
  marks.hovered = feature;
  marksChanged();
}

/** Pin a miRNA as the last one, which is the one whose counts are shown. @param {string} feature */
function pin(feature) {
  marks.pinned = [...marks.pinned.filter((each) => each !== feature), feature];
  marksChanged();
}

/** @param {string} feature */
function togglePin(feature) {
  if (marks.pinned.includes(feature)) marks.pinned = marks.pinned.filter((each) => each !== feature);
  else marks.pinned.push(feature);
  marksChanged();
}

/** @returns {string} the miRNA whose counts are shown */
function current() {
  return marks.hovered || marks.pinned[marks.pinned.length - 1] || "";
}

/** @returns {string[]} */
function marked() {
  return [...new Set([...marks.pinned, marks.hovered])].filter(Boolean);
}

function paintMarks() {
  const pinned = new Set(marks.pinned);
  for (const element of document.querySelectorAll("[data-feature]")) {
    const { feature } = element.dataset;
    element.classList.toggle("hovered", feature === marks.hovered);
    element.classList.toggle("pinned", pinned.has(feature));
    if (element.matches("button.mirna")) element.setAttribute("aria-pressed", String(pinned.has(feature)));
  }
}

function listenForMarks() {
  const featureAt = (event) => event.target.closest?.("[data-feature]")?.dataset.feature ?? "";
  document.addEventListener("mouseover", (event) => {
    if (!event.target.closest(".plot")) hover(featureAt(event));
  });
  document.addEventListener("focusin", (event) => hover(featureAt(event)));
  document.addEventListener("click", (event) => {
    const element = event.target.closest("button.mirna, tr[data-feature]");
    if (element && !getSelection().toString()) togglePin(element.dataset.feature);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hover("");
  });
  onMarks(paintMarks);
}
