/** The page that leads to the reports of a run. */

import { listenToScroll } from "./contents.js";
import { listenForPrint } from "./paper.js";
import { listenForScheme } from "./scheme.js";
import { listenForTips } from "./tips.js";

document.documentElement.classList.add("script");
listenForScheme();
listenToScroll();
listenForPrint();
listenForTips();
document.documentElement.dataset.ready = "yes";
