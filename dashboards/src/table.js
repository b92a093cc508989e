// The table of articles: search, sort, pages, a choice of columns, and a way from each row to the inspector.
import { Query, and, column, count, desc, asc, literal, sql } from '@uwdata/mosaic-sql';
import { $, el, exact, isoMinute, settled } from './dom.js';
import { addTools } from './panels.js';
import { rows as ask, say } from './server.js';
import { APPEARANCES, TEXTS } from './tables.js';

const PAGE_ROWS = 25;
const KEYSTROKE_MS = 150;
export const BRUSH_MS = 120; // a pause in a drag after which more than the charts follows

const time = (ms) => (ms == null ? '' : isoMinute(Number(ms)));
/** `of` says which rows have the column: texts, appearances or both. */
const COLUMNS = [
  { name: 'published_at', label: 'Published (UTC)', show: time, kind: 'time', shown: true },
  { name: 'publisher_name', label: 'Publisher', shown: true },
  { name: 'title', label: 'Title', kind: 'title', shown: true },
  { name: 'zone', label: 'Role', kind: 'zone', shown: true },
  { name: 'language', label: 'Language', shown: true },
  { name: 'word_count', label: 'Words', kind: 'n', show: (n) => exact(Number(n ?? 0)), shown: true },
  { name: 'page_count', label: 'Pages', kind: 'n', show: (n) => exact(Number(n ?? 0)), shown: true, of: 'texts' },
  { name: 'page_publisher_name', label: 'On pages of', shown: true, of: 'appearances' },
  { name: 'confidence', label: 'Confidence', kind: 'n', show: (n) => Number(n).toFixed(2), shown: true, of: 'appearances' },
  { name: 'certainty', label: 'Published, sure', kind: 'chip', shown: true },
  { name: 'date_origin', label: 'Date', kind: 'chip' },
  { name: 'age_bin', label: 'Age when seen' },
  { name: 'body_status', label: 'Body' },
  { name: 'agency', label: 'Agency', of: 'texts' },
  { name: 'published_precision', label: 'Precision' },
  { name: 'captured_at', label: 'Captured (UTC)', show: time, kind: 'time', of: 'appearances' },
  { name: 'first_captured_at', label: 'First captured (UTC)', show: time, kind: 'time', of: 'texts' },
];
const DEFAULT_COLUMNS = COLUMNS.filter(({ shown }) => shown).map(({ name }) => name);

export function articleTable(card, filters, parameters, changed) {
  const body = $('tbody', card);
  const search = $('#search');
  const state = {
    term: parameters.get('q') ?? '',
    sort: COLUMNS.some(({ name }) => name === parameters.get('sort')) ? parameters.get('sort') : 'published_at',
    isUp: parameters.get('order') === 'up',
    page: Math.max(0, Number.parseInt(parameters.get('page') ?? '1', 10) - 1 || 0),
    rows: parameters.get('rows') === 'appearances' ? 'appearances' : 'texts',
    columns: new Set(parameters.get('columns')?.split(',').filter((name) => COLUMNS.some((c) => c.name === name)) ?? DEFAULT_COLUMNS),
  };
  search.value = state.term;
  let request = 0;
  let shownSql = '';
  let total = null;
  let countedFor = null;

  const kind = () => (filters.needsAppearances ? 'appearances' : state.rows);
  const columns = () => COLUMNS.filter(({ name, of }) => state.columns.has(name) && (!of || of === kind()));

  function conditions() {
    const where = filters.where();
    const words = state.term.trim().split(/\s+/).filter(Boolean);
    for (const word of words) where.push(sql`contains(lower(title), ${literal(word.toLowerCase())})`);
    return where.length ? [and(...where)] : [];
  }

  function statement(limit = null) {
    const table = kind() === 'texts' ? TEXTS : APPEARANCES;
    const sorted = COLUMNS.find(({ name, of }) => name === state.sort && (!of || of === kind())) ? state.sort : 'published_at';
    const direction = state.isUp ? asc : desc;
    // Ties in the order of the key, so that pages neither repeat nor miss a row.
    const key = kind() === 'texts' ? ['article_id'] : ['page_id', 'position'];
    const query = Query.from(table)
      .select(...columns().map(({ name }) => name), 'page_id', 'position', 'article_id')
      .where(conditions())
      .orderby(direction(column(sorted), false), ...key.map((name) => asc(column(name))));
    return String(limit == null ? query : query.limit(limit).offset(state.page * PAGE_ROWS));
  }

  /** The rows, and then, where it takes counting, how many there are in all. */
  async function load() {
    request += 1;
    const mine = request;
    card.classList.add('waiting');
    try {
      shownSql = statement();
      const found = await ask(statement(PAGE_ROWS));
      if (mine !== request) return; // a later question is under way: this answer is no longer what was asked
      const counting = String(Query.from(kind() === 'texts' ? TEXTS : APPEARANCES).select({ n: count() }).where(conditions()));
      const isBeyond = !found.length && state.page > 0;
      if (counting !== countedFor) total = found.length < PAGE_ROWS && !isBeyond ? state.page * PAGE_ROWS + found.length : null;
      if (!isBeyond) draw(found);
      if (total == null) {
        const [{ n }] = await ask(counting);
        if (mine !== request) return;
        total = Number(n);
      }
      countedFor = counting;
      if (isBeyond) {
        state.page = Math.max(0, Math.ceil(total / PAGE_ROWS) - 1);
        load();
        return;
      }
      drawTotal(found.length);
    } catch (error) {
      if (mine === request) say(error);
    } finally {
      if (mine === request) card.classList.remove('waiting');
    }
  }

  function cell(row, { name, show, kind: look }) {
    const value = row[name];
    const text = show ? show(value) : value == null ? '' : String(value);
    if (look === 'title') {
      const link = el('a', { href: `/page/${encodeURIComponent(row.page_id)}#article-${row.position}`, text: text || '(no title)' });
      return el('td', { class: 'title', dir: 'auto' }, row.page_id ? link : text);
    }
    if (look === 'zone') return el('td', {}, el('span', { class: `zone-label zone-${text}` }, el('i', { class: `swatch zone-${text}` }), text));
    if (look === 'chip') return el('td', {}, el('span', { class: 'chip', text }));
    return el('td', { class: look ?? null, dir: look ? null : 'auto', text });
  }

  function draw(found) {
    const visible = columns();
    const scope = state.isUp ? 'ascending' : 'descending';
    $('thead tr', card).replaceChildren(...visible.map(({ name, label, kind: look }) => el('th', { scope: 'col', class: look === 'n' ? 'n' : null, 'aria-sort': name === state.sort ? scope : null },
      el('button', { type: 'button', class: 'sort', onclick: () => sort(name) }, label, el('span', { class: 'arrow', 'aria-hidden': 'true', text: name === state.sort ? (state.isUp ? '▲' : '▼') : '' })))));
    body.replaceChildren(...found.map((row) => el('tr', {}, ...visible.map((c) => cell(row, c)))));
    if (!found.length) body.append(el('tr', {}, el('td', { colspan: String(visible.length), class: 'mute', text: 'No article fits the filters and the search.' })));
    $('#previous').disabled = state.page === 0;
    $('#next').disabled = found.length < PAGE_ROWS;
    for (const button of card.querySelectorAll('[data-rows]')) button.setAttribute('aria-pressed', String(button.dataset.rows === kind()));
    $('[data-rows=texts]', card).disabled = filters.needsAppearances;
    card.classList.remove('waiting');
    card.dataset.drawn = String(Number(card.dataset.drawn ?? 0) + 1);
  }

  function drawTotal(shown) {
    const first = state.page * PAGE_ROWS;
    $('#rows-shown').textContent = total ? `${exact(first + 1)}–${exact(first + shown)} of ${exact(total)} ${kind() === 'texts' ? 'distinct texts' : 'articles on pages'}` : 'none';
    $('#next').disabled = first + shown >= total;
  }

  function sort(name) {
    if (state.sort === name) state.isUp = !state.isUp;
    else [state.sort, state.isUp] = [name, name === 'title' || name === 'publisher_name'];
    go(0);
  }

  function go(page) {
    state.page = page;
    changed();
    load();
  }

  const typed = settled(() => { state.term = search.value; go(0); }, KEYSTROKE_MS);
  search.addEventListener('input', typed);
  $('#previous').addEventListener('click', () => go(Math.max(0, state.page - 1)));
  $('#next').addEventListener('click', () => go(state.page + 1));
  for (const button of card.querySelectorAll('[data-rows]')) button.addEventListener('click', () => { state.rows = button.dataset.rows; go(0); });
  $('#columns').append(...COLUMNS.map(({ name, label }) => {
    const box = el('input', { type: 'checkbox', id: `column-${name}` });
    box.checked = state.columns.has(name);
    box.addEventListener('change', () => {
      if (box.checked) state.columns.add(name);
      else state.columns.delete(name);
      changed();
      load();
    });
    return el('label', { for: `column-${name}` }, box, label);
  }));
  const refiltered = settled(() => { state.page = 0; load(); }, BRUSH_MS);
  filters.addEventListener('change', refiltered);
  addTools(card, {
    name: 'articles',
    title: 'Articles',
    sql: () => shownSql,
    words: () => [...filters.fileWords(), ...(state.term.trim() ? [['search', state.term.trim()]] : [])],
  });

  return {
    load,
    clear() {
      search.value = state.term = '';
      state.page = 0;
    },
    get term() {
      return state.term.trim();
    },
    writeAddress(address) {
      const put = (name, value, usual) => (value === usual ? address.delete(name) : address.set(name, value));
      put('q', state.term.trim(), '');
      put('sort', state.sort, 'published_at');
      put('order', state.isUp ? 'up' : 'down', 'down');
      put('page', String(state.page + 1), '1');
      put('rows', state.rows, 'texts');
      put('columns', [...state.columns].join(','), DEFAULT_COLUMNS.join(','));
    },
  };
}

