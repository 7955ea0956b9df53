/** Paper shows everything: what is folded is opened. */

import { selectAll } from "./dom.js";

export function listenForPrint() {
  /** @type {Element[]} */
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const element of selectAll("details:not([open])")) {
      element.setAttribute("open", "");
      opened.push(element);
    }
  });
  addEventListener("afterprint", () => {
    for (const element of opened.splice(0)) element.removeAttribute("open");
  });
}
