/** Elements of the page, with the type that they are used as. */

/**
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {{new (): T, prototype: T}} [kind] its class; any HTML element if none is given
 * @returns {T}
 * @throws {Error} if there is no such element
 */
export function select(selector, kind) {
  const element = document.querySelector(selector);
  if (element instanceof (kind ?? HTMLElement)) return /** @type {T} */ (element);
  throw new Error(`the page has no ${selector}`);
}

/** @param {string} selector @returns {HTMLElement[]} */
export function selectAll(selector) {
  return [...document.querySelectorAll(selector)].filter((element) => element instanceof HTMLElement);
}

/**
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null} the innermost such element that its target is, or stands in
 */
export function closest(event, selector) {
  const element = event.target instanceof Element ? event.target.closest(selector) : null;
  return element instanceof HTMLElement ? element : null;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties, attributes = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
