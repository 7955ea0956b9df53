/** Figures and downloads: unpacked when they are needed. */

/** Give every picture its address, one after the other; the browser draws those that are seen, or printed. */
async function unpackPictures() {
  for (const picture of document.querySelectorAll("img[data-source]")) {
    picture.src = await addressOf(picture.dataset.source);
  }
}

function listenForDownloads() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.download");
    if (!button) return;
    const { path } = button.dataset;
    const kind = KINDS[path.split(".").pop()] ?? "application/octet-stream";
    save(path.split("/").pop(), await bytesOf(path), kind);
  });
}

/** Paper shows everything: what is folded is opened. */
function listenForPrint() {
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const element of document.querySelectorAll("details:not([open])")) {
      element.open = true;
      opened.push(element);
    }
  });
  addEventListener("afterprint", () => {
    for (const element of opened.splice(0)) element.open = false;
  });
}
