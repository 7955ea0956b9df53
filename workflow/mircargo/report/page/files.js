/**
 * The files that the page holds, compressed: they are unpacked when they are needed.
 *
 * @import { Row } from "./tables.js"
 */

import { closest, make, selectAll } from "./dom.js";
import { parseTable } from "./tables.js";

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  svg: "image/svg+xml",
  pdf: "application/pdf",
  tsv: "text/tab-separated-values",
  js: "text/javascript",
};

/** @param {string} path */
function packedElement(path) {
  return document.querySelector(`script[data-path="${CSS.escape(path)}"]`);
}

/** @param {string} path */
export function holds(path) {
  return packedElement(path) !== null;
}

// Of base 85, five for four bytes: those of `pack.py`.
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=:?@^_`{|}~";
const LAST = LETTERS.length - 1;
const VALUES = new Uint8Array(128);
for (let value = 0; value <= LAST; value += 1) VALUES[LETTERS.charCodeAt(value)] = value;

/** @param {string} text of base 85 @returns {Uint8Array<ArrayBuffer>} */
function decode(text) {
  const words = Math.ceil(text.length / 5);
  const view = new DataView(new ArrayBuffer(words * 4));
  for (let word = 0; word < words; word += 1) {
    let number = 0;
    for (let at = word * 5; at < word * 5 + 5; at += 1) {
      number = number * 85 + (at < text.length ? VALUES[text.charCodeAt(at)] : LAST); // the last word may be short
    }
    view.setUint32(word * 4, number);
  }
  return new Uint8Array(view.buffer, 0, words * 4 - (words * 5 - text.length));
}

/** @param {string} path @returns {Response} the very bytes of the file */
function unpack(path) {
  const element = packedElement(path);
  if (!element) throw new Error(`the page does not hold ${path}`);
  return new Response(new Blob([decode(element.textContent)]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/** @param {string} path */
export function readText(path) {
  return unpack(path).text();
}

/** @type {Map<string, Promise<Row[]>>} */
const tables = new Map();

/** @param {string} path */
export function readTable(path) {
  const table = tables.get(path) ?? readText(path).then(parseTable);
  tables.set(path, table);
  return table;
}

/** @param {string} path @param {BlobPart} content */
function addressOf(path, content) {
  const type = MEDIA_TYPES[path.split(".").pop() ?? ""];
  return URL.createObjectURL(new Blob([content], { type }));
}

/** @param {string} path @returns {Promise<any>} */
export async function importScript(path) {
  return import(addressOf(path, await readText(path)));
}

/**
 * Have the page count as loading, so that what waits for it to be loaded, as printing does, waits for pictures too.
 *
 * @returns {() => void} what ends it
 */
export function delayLoad() {
  const frame = make("iframe", { hidden: true });
  document.body.append(frame);
  frame.contentDocument?.open(); // a document that is being written holds the page's load event back
  return () => {
    frame.contentDocument?.close();
    frame.remove();
  };
}

/**
 * A font as a rule that stands in a drawing: a picture has no font but its own and those of the machine, on which text
 * may be wider than its place.
 *
 * @param {string} name @param {number} weight
 */
async function fontFace(name, weight) {
  const blob = await unpack(`page/LiberationSans-${name}.ttf`).blob();
  /** @type {string} */
  const address = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.readAsDataURL(blob);
  });
  return `@font-face{font-family:"Liberation Sans";font-weight:${weight};src:url(${address})}`;
}

/** Give every picture its address, all at once, and wait until each can be drawn or printed. */
export async function unpackPictures() {
  const fonts = (await Promise.all([fontFace("Regular", 400), fontFace("Bold", 700)])).join("");
  const pictures = selectAll("img[data-source]").filter((each) => each instanceof HTMLImageElement);
  await Promise.all(
    pictures.map(async (picture) => {
      const path = picture.dataset.source ?? "";
      const drawing = await readText(path);
      picture.src = addressOf(path, drawing.replace(/<svg [^>]*>/, (begin) => `${begin}<style>${fonts}</style>`));
      await picture.decode();
    }),
  );
}

/** @param {string} path its last part is the name of the file @param {BlobPart} content */
export function save(path, content) {
  const link = make("a", { href: addressOf(path, content), download: path.split("/").pop() });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function listenForDownloads() {
  document.addEventListener("click", async (event) => {
    const path = closest(event, "button.download")?.dataset.path;
    if (path) save(path, await unpack(path).arrayBuffer());
  });
}
