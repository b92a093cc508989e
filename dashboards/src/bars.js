// Horizontal bars of named groups; each is a button that filters by its group.
import { $, brief, el, exact, percent } from './dom.js';
import { panel } from './panels.js';

/** Rows stay in the order of `order`, or come largest first; `limit` shows so many and a button for the others. */
export function bars(card, filters, { owns, query }, { order = null, limit = 12, search = false, swatches = false } = {}) {
  const list = $('.bars', card);
  const shown = new Map();
  let groups = [];
  let isWhole = false;
  let wanted = '';

  const more = el('button', { type: 'button', class: 'link no-print', onclick: () => { isWhole = !isWhole; draw(); } });
  if (search) {
    const input = el('input', { type: 'search', class: 'find', placeholder: 'Find…', 'aria-label': `Find in ${$('h2', card).textContent}` });
    input.addEventListener('input', () => { wanted = input.value.trim().toLowerCase(); draw(); });
    $('.panel-head h2', card).after(input);
  }
  list.after(more);

  function row(key) {
    let node = shown.get(key);
    if (!node) {
      node = el('button', { type: 'button', class: 'bar', onclick: (event) => filters.toggle(owns, key, !(event.ctrlKey || event.metaKey || event.shiftKey)) },
        el('i'), el('span', { text: key, ...(swatches && { class: `zone-${key}` }) }), el('b', { class: 'num' }));
      if (swatches) $('span', node).prepend(el('em', { class: `swatch zone-${key}` }));
      shown.set(key, node);
    }
    return node;
  }

  function draw() {
    const all = groups.reduce((sum, { n }) => sum + n, 0);
    const found = wanted ? groups.filter(({ key }) => key.toLowerCase().includes(wanted)) : groups;
    const chosen = filters.values.get(owns);
    const visible = isWhole ? found : found.filter(({ key }, i) => i < limit || chosen.has(key));
    const most = groups.reduce((top, { n }) => Math.max(top, n), 1);
    const nodes = visible.map(({ key, n }) => {
      const node = row(key);
      $('i', node).style.width = `${(100 * n) / most}%`;
      $('b', node).textContent = brief(n);
      node.title = `${key}: ${exact(n)} of ${exact(all)} (${percent(n, all)})`;
      node.setAttribute('aria-pressed', String(chosen.has(key)));
      node.classList.toggle('off', chosen.size > 0 && !chosen.has(key));
      return node;
    });
    const current = [...list.children];
    if (nodes.length !== current.length || nodes.some((node, i) => node !== current[i])) {
      const focused = list.contains(document.activeElement) ? document.activeElement : null;
      list.replaceChildren(...nodes);
      focused?.focus({ preventScroll: true }); // moving a node takes its focus away
    }
    if (!nodes.length) list.replaceChildren(el('p', { class: 'mute', text: wanted ? 'No such name here.' : 'Nothing fits the filters.' }));
    more.hidden = found.length <= limit;
    more.textContent = isWhole ? 'Show fewer' : `Show all ${exact(found.length)}`;
  }

  filters.addEventListener('change', ({ detail }) => { if (detail === owns) draw(); });
  panel(card, filters, {
    name: card.id,
    owns,
    query,
    draw: (rows) => {
      groups = rows.map(({ key, n }) => ({ key: String(key), n: Number(n) }));
      // A chosen group stays in sight, with none, when the other filters leave nothing of it.
      for (const key of filters.values.get(owns)) if (!groups.some((group) => group.key === key)) groups.push({ key, n: 0 });
      if (order) groups.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
      else groups.sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1));
      card.dispatchEvent(new CustomEvent('groups', { detail: groups }));
      draw();
    },
  });
}
