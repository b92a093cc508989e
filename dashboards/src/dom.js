// Elements from plain values. Text goes in as text nodes: nothing a page says is ever read as markup.
const SVG = 'http://www.w3.org/2000/svg';

export const $ = (selector, within = document) => within.querySelector(selector);

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'text') node.textContent = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

export const el = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
export const exact = (n) => whole.format(n);
export const brief = (n) => (Math.abs(n) < 10_000 ? whole.format(n) : short.format(n));
export const percent = (part, all) => (all ? `${((100 * part) / all).toFixed(part && part < all / 100 ? 1 : 0)}%` : '–');

export const DAY = 86_400_000;
export const isoDay = (ms) => new Date(ms).toISOString().slice(0, 10);
export const isoMinute = (ms) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
/** Milliseconds of an ISO day, or null. */
export function fromDay(text) {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(ms) ? null : ms;
}
/** The Monday at or before an instant. */
export const monday = (ms) => Math.floor((ms - 4 * DAY) / (7 * DAY)) * 7 * DAY + 4 * DAY;

/** Call `work` once things have been quiet for a while. */
export function settled(work, milliseconds) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
}
