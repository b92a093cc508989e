// An analyst's page: a Mosaic specification, drawn by vgplot over the page's generation.
import { astToDOM, parseSpec } from '@uwdata/mosaic-spec';
import { TableRefNode } from '@uwdata/mosaic-sql';
import { createAPIContext, from } from '@uwdata/vgplot';
import { $, el } from './dom.js';
import { addTools } from './panels.js';
import { mosaic, say } from './server.js';

const host = $('#host');

/** Plain errors for what a person can mend. */
async function specification() {
  const answer = await fetch(`/views/${encodeURIComponent(host.dataset.name)}/spec`);
  const spec = await answer.json();
  if (!answer.ok) throw new Error(spec.error);
  return spec;
}

/** Widths are those of a wide screen: on a narrow one a picture shrinks as a whole. */
function fit() {
  for (const picture of host.querySelectorAll('svg[width]:not([viewBox])')) {
    picture.setAttribute('viewBox', `0 0 ${picture.getAttribute('width')} ${picture.getAttribute('height')}`);
  }
}

/** A picture has one name, its page's; the groups inside it take no name of their own. */
function name() {
  for (const picture of host.querySelectorAll('svg')) {
    if (picture.getAttribute('role') === 'img') continue;
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', $('h1').textContent);
  }
  for (const group of host.querySelectorAll('svg [aria-label]')) group.removeAttribute('aria-label');
}

function addSql() {
  const list = $('#queries');
  [...mosaic.clients].forEach((client, i) => {
    const sql = () => String(client.query(client.filterBy?.predicate(client) ?? []) ?? '');
    if (!sql()) return;
    const title = `Query ${i + 1}`;
    const card = el('div', { class: 'query' }, el('div', { class: 'panel-head' }, el('h2', { text: title })));
    list.append(card);
    addTools(card, { name: `${host.dataset.name}-${i + 1}`, title, sql, words: () => [] });
  });
}

/** `marts.page_load` is a table in a schema, not one with a dot in its name. */
const fromSchema = (table, options) => from(typeof table === 'string' ? new TableRefNode(table.split('.')) : table, options);

try {
  const { element } = await astToDOM(parseSpec(await specification()), { api: createAPIContext({ coordinator: mosaic, extensions: { from: fromSchema } }) });
  host.replaceChildren(element);
  await Promise.allSettled([...mosaic.clients].map((client) => client.pending));
  fit();
  addSql();
  name();
  new MutationObserver(name).observe(host, { childList: true, subtree: true });
} catch (error) {
  say(error);
}
document.documentElement.dataset.ready = 'yes';
