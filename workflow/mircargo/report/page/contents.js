/** The contents: the part that is read is marked among its links. */

import { select, selectAll } from "./dom.js";

const REACHED_BELOW = 24; // a heading so far below the bar counts as reached

export function listenToScroll() {
  const bar = select("#bar");
  const links = selectAll("#contents a").map((link) => ({ link, heading: select(link.getAttribute("href") ?? "") }));
  let waiting = false;
  const mark = () => {
    waiting = false;
    const reached = Math.max(bar.getBoundingClientRect().bottom, 0) + REACHED_BELOW + parseFloat(getComputedStyle(bar).fontSize);
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 1;
    // A hidden heading has no place. At the end of the page the last part is read, however short it is.
    const passed = links.filter(({ heading }) => {
      const { top, height } = heading.getBoundingClientRect();
      return height > 0 && (atEnd || top <= reached);
    });
    const current = passed.at(-1) ?? links[0];
    for (const { link } of links) {
      const isCurrent = link === current.link || link === current.link.closest("ul ul")?.parentElement?.querySelector("a");
      if (isCurrent) link.setAttribute("aria-current", link === current.link ? "location" : "true");
      else link.removeAttribute("aria-current");
    }
  };
  const schedule = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  };
  addEventListener("scroll", schedule, { passive: true });
  addEventListener("resize", schedule);
  mark();
}
