/**
 * What the page carries inside: files as text that is unpacked when it is asked for.
 *
 * @typedef {{columns: string[], rows: string[][]}} Table
 * @typedef {{name: string, colour: string, members: [string, string | null][]}} Group
 * @typedef {{name: string, level: string, reference: string, asked: string, target: string | null, candidates: string[],
 *   release: string | null, groups: Group[]}} Contrast
 * @typedef {{study: string, alpha: number, contrasts: Contrast[], charts: Record<string, object>}} Model
 */

/** @type {Map<string, HTMLScriptElement>} */
const carried = new Map();
/** @type {Map<string, Promise<Uint8Array>>} */
const unpacked = new Map();
/** @type {Map<string, Promise<string>>} */
const addresses = new Map();
/** @type {Map<string, Promise<Table>>} */
const tables = new Map();

const KINDS = { svg: "image/svg+xml", pdf: "application/pdf", tsv: "text/tab-separated-values", js: "text/javascript" };

function findCarried() {
  for (const element of document.querySelectorAll("script[data-path]")) carried.set(element.dataset.path, element);
}

/** @returns {Model} */
function readModel() {
  return JSON.parse(document.getElementById("model").textContent);
}

/** @param {string} text base64 */
function decode(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/** @param {string} path @returns {Promise<Uint8Array>} the very bytes of the file */
async function inflate(path) {
  const element = carried.get(path);
  if (!element) throw new Error(`the page does not hold ${path}`);
  const stream = new Blob([decode(element.textContent)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {string} path */
function bytesOf(path) {
  if (!unpacked.has(path)) unpacked.set(path, inflate(path));
  return unpacked.get(path);
}

/** @param {string} path */
async function textOf(path) {
  return new TextDecoder().decode(await bytesOf(path));
}

/** @param {string} path @returns {Promise<string>} an address within this page */
function addressOf(path) {
  if (!addresses.has(path)) {
    const kind = KINDS[path.split(".").pop()] || "application/octet-stream";
    addresses.set(
      path,
      inflate(path).then((bytes) => URL.createObjectURL(new Blob([bytes], { type: kind }))),
    );
  }
  return addresses.get(path);
}

/** @param {string} path */
function tableOf(path) {
  if (!tables.has(path)) tables.set(path, textOf(path).then(parseTable));
  return tables.get(path);
}

/** @param {string} text tab-separated, quoted where pandas quotes @returns {Table} */
function parseTable(text) {
  const lines = text.includes('"') ? splitQuoted(text) : text.trimEnd().split("\n").map((line) => line.split("\t"));
  return { columns: lines[0], rows: lines.slice(1) };
}

/** @param {string} text */
function splitQuoted(text) {
  const lines = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const line = lines[lines.length - 1];
    const letter = text[i];
    if (quoted && letter === '"' && text[i + 1] === '"') {
      line[line.length - 1] += letter;
      i += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === "\t") line.push("");
    else if (!quoted && letter === "\n") lines.push([""]);
    else line[line.length - 1] += letter;
  }
  if (lines[lines.length - 1].join("") === "") lines.pop();
  return lines;
}

/** @param {Table} table @param {string} name @returns {Map<string, string[]>} rows by the first column */
function byFeature(table, name = "feature") {
  const at = table.columns.indexOf(name);
  return new Map(table.rows.map((row) => [row[at], row]));
}

/** @param {string} cell @returns {number} NaN where missing */
function number(cell) {
  return cell === undefined || cell === "NA" || cell === "" ? NaN : Number(cell);
}

/** @param {string} cell a cell as it stands in a tab-separated file */
function quoted(cell) {
  return /["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** @param {string} name @param {BlobPart} content @param {string} kind */
function save(name, content, kind) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** @param {string} path */
async function loadScript(path) {
  const element = document.createElement("script");
  element.src = await addressOf(path);
  element.type = "module";
  await new Promise((done, failed) => {
    element.onload = done;
    element.onerror = () => failed(new Error(`${path} could not be started`));
    document.head.append(element);
  });
}

/** @param {number} value */
function signed(value) {
  return Number.isNaN(value) ? "–" : `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(2)}`;
}

/** @param {number} p as the sentences of the page write it */
function pText(p) {
  if (Number.isNaN(p)) return "–";
  if (p > 0.99) return "above 0.99";
  if (p < 1e-300) return "below 1e-300";
  return p >= 1e-3 ? String(Number(p.toPrecision(2))) : p.toExponential(1).replace(/e-(\d)$/, "e-0$1");
}

/** @param {number} count */
function grouped(count) {
  return Number.isNaN(count) ? "–" : count.toLocaleString("en", { maximumFractionDigits: count < 10 ? 1 : 0 });
}
