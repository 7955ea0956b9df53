/** The page that leads to the reports of a run. */

import { listenForPrint } from "./paper.js";
import { listenForTips } from "./tips.js";

document.documentElement.classList.add("script");
listenForPrint();
listenForTips();
document.documentElement.dataset.ready = "yes";
