/** Light or dark: as the system has it, or as the reader chose, which is kept for the next time. */

import { select } from "./dom.js";

const SCHEME_KEY = "mircargo-scheme"; // the head of the page reads it before anything is drawn

export function listenForScheme() {
  const choice = select("#scheme", HTMLSelectElement);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const paint = () => {
    const isDark = choice.value === "dark" || (choice.value === "system" && system.matches);
    root.classList.toggle("dark", isDark); // the style of DataTables knows it by this class
  };
  choice.value = root.dataset.scheme ?? "system";
  if (!choice.value) choice.value = "system";
  choice.addEventListener("change", () => {
    root.dataset.scheme = choice.value;
    try {
      localStorage.setItem(SCHEME_KEY, choice.value);
    } catch {
      // Where nothing may be kept, the choice holds as long as the page is open.
    }
    paint();
  });
  system.addEventListener("change", paint);
  paint();
}
