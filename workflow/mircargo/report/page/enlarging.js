/** A figure over the whole window: by a click or Enter, until Escape, a click, or the button ends it. */

import { closest, select } from "./dom.js";

export function listenForEnlarging() {
  const dialog = select("#enlarged", HTMLDialogElement);
  const picture = select("#enlarged img", HTMLImageElement);
  document.addEventListener("click", (event) => {
    const small = closest(event, "button.enlarge")?.querySelector("img");
    if (!small) return;
    picture.src = small.src;
    picture.alt = small.alt;
    select("#enlarged-title").textContent = small.alt;
    dialog.showModal(); // the browser gives the focus back when it closes
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target === picture) dialog.close();
  });
}
