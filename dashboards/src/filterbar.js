// The filters in words: a chip each, two days, and buttons to clear and to share.
import { $, DAY, el, fromDay, isoDay } from './dom.js';

const SAID_MS = 1600;

export function filterBar(bar, filters, { also = () => [], clearAlso = () => {} } = {}) {
  const chips = $('.chips', bar);
  const from = $('#from', bar);
  const before = $('#before', bar);

  function draw() {
    const said = [...filters.words(), ...also()];
    chips.replaceChildren(...said.map(({ name, label, value }) => el('button', {
      type: 'button', class: 'chip filter', title: 'Take this filter away',
      onclick: () => drop(name, value),
    }, el('span', { class: 'visually-hidden', text: 'take away:' }), el('span', { class: 'mute', text: label }), el('bdi', { text: value }), el('span', { 'aria-hidden': 'true', text: '✕' }))));
    if (!said.length) chips.append(el('span', { class: 'mute', text: 'none: everything is shown' }));
    $('#clear', bar).disabled = !said.length;
    const [first, last] = filters.range ?? [null, null];
    if (document.activeElement !== from) from.value = first == null ? '' : isoDay(first);
    if (document.activeElement !== before) before.value = last == null ? '' : isoDay(last);
  }

  function drop(name, value) {
    if (name === 'range') filters.setRange(null);
    else if (name === 'search') { clearAlso(); filters.dispatchEvent(new CustomEvent('change', { detail: 'search' })); }
    else filters.toggle(name, value);
    $('button', chips)?.focus();
  }

  /** One day alone is one day; two are a half-open range. */
  function typed() {
    const [first, last] = [fromDay(from.value), fromDay(before.value)];
    if (first == null && last == null) filters.setRange(null);
    else if (first != null && last != null && last > first) filters.setRange([first, last]);
    else if (first != null && last == null) filters.setRange([first, first + DAY]);
  }
  from.addEventListener('change', typed);
  before.addEventListener('change', typed);
  $('#clear', bar).addEventListener('click', () => { clearAlso(); filters.clear(); filters.dispatchEvent(new CustomEvent('change', { detail: 'search' })); });
  $('#share', bar).addEventListener('click', async ({ currentTarget }) => {
    const address = new URL(location.href);
    const words = currentTarget.textContent;
    try {
      await navigator.clipboard.writeText(address.href);
      currentTarget.textContent = 'Copied';
    } catch {
      currentTarget.textContent = 'Copy it from the address bar';
    }
    setTimeout(() => { $('#share', bar).textContent = words; }, SAID_MS);
  });
  filters.addEventListener('change', draw);
  draw();
  return draw;
}
