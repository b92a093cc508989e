// Whose pages carry whose articles: ribbons from the publishers of pages to the publishers of the articles appended
// there, the same numbers as a matrix, and as a table.
import { Query, column, count, literal, neq } from '@uwdata/mosaic-sql';
import { $, brief, el, exact, percent, svg } from './dom.js';
import { filterBar } from './filterbar.js';
import { Filters } from './filters.js';
import { panel } from './panels.js';
import { APPEARANCES } from './tables.js';

const LEFT = 12; // publishers of pages that are drawn, and of articles; the others are one node
const RIGHT = 16;
const PAIRS = 100; // rows of the table; the export has all
const GAP = 7;
const OTHERS = 'all others';
const UNNAMED = 'not named'; // by sql/marts/dashboard_appearances.sql
const HUES = 8; // of static/graph.css

const filters = new Filters();
filters.readAddress(new URLSearchParams(location.search));
filterBar($('#filters'), filters);
filters.addEventListener('change', () => {
  const address = new URLSearchParams(location.search);
  filters.writeAddress(address);
  const words = address.toString();
  history.replaceState(null, '', words ? `?${words}` : location.pathname);
});

let found = [];
let pairs = []; // those that are drawn
let isNamedOnly = false;

/** The largest first, then those without a name, then the others as one. */
function top(key, limit) {
  const sums = new Map();
  for (const pair of pairs) sums.set(pair[key], (sums.get(pair[key]) ?? 0) + pair.n);
  const isUnnamed = ([name]) => Number(name === UNNAMED);
  const sorted = [...sums].sort((a, b) => isUnnamed(a) - isUnnamed(b) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (sorted.length > limit && isUnnamed(sorted.at(-1))) sorted.splice(limit - 1, 0, sorted.pop());
  const kept = sorted.slice(0, limit);
  const rest = sorted.slice(limit).reduce((sum, [, n]) => sum + n, 0);
  return rest ? [...kept, [OTHERS, rest]] : kept;
}

/** Pairs with everything beyond the largest folded into one name a side. */
function folded(left, right) {
  const isLeft = new Set(left.map(([name]) => name));
  const isRight = new Set(right.map(([name]) => name));
  const cells = new Map();
  for (const { from, to, n } of pairs) {
    const key = JSON.stringify([isLeft.has(from) ? from : OTHERS, isRight.has(to) ? to : OTHERS]);
    cells.set(key, (cells.get(key) ?? 0) + n);
  }
  return [...cells].map(([key, n]) => { const [from, to] = JSON.parse(key); return { from, to, n }; });
}

function choose(from, to) {
  const isSame = filters.has('on', from) && (!to || filters.has('publisher', to));
  filters.set('on', isSame || from == null || from === OTHERS ? [] : [from]);
  if (to !== undefined) filters.set('publisher', isSame || to == null || to === OTHERS ? [] : [to]);
}

const isChosen = (from, to) => {
  const on = filters.values.get('on');
  const of = filters.values.get('publisher');
  return (!on.size || on.has(from)) && (!of.size || of.has(to));
};

function drawRibbons(left, right, links) {
  const plot = $('#ribbons .plot');
  const width = plot.clientWidth;
  const label = Math.min(190, width * 0.3);
  const all = left.reduce((sum, [, n]) => sum + n, 0) || 1;
  const rows = Math.max(left.length, right.length);
  const height = Math.max(280, rows * 30);
  const place = (nodes) => {
    const scale = (height - GAP * (nodes.length - 1)) / all;
    let y = 0;
    return new Map(nodes.map(([name, n], i) => {
      const node = { y, h: Math.max(1.5, n * scale), n, used: 0, hue: name === OTHERS || name === UNNAMED ? 'rest' : i % HUES, scale };
      y += n * scale + GAP;
      return [name, node];
    }));
  };
  const [a, b] = [place(left), place(right)];
  const [x0, x1] = [label + 10, width - label - 10];
  const order = (nodes) => new Map([...nodes.keys()].map((name, i) => [name, i]));
  const [ia, ib] = [order(a), order(b)];
  links.sort((p, q) => ia.get(p.from) - ia.get(q.from) || ib.get(p.to) - ib.get(q.to));
  const ends = new Map();
  for (const link of [...links].sort((p, q) => ib.get(p.to) - ib.get(q.to) || ia.get(p.from) - ia.get(q.from))) {
    const node = b.get(link.to);
    ends.set(link, node.y + node.used);
    node.used += link.n * node.scale;
  }
  const middle = (x0 + x1) / 2;
  const ribbons = links.map((link) => {
    const node = a.get(link.from);
    const [t, u] = [node.y + node.used, ends.get(link)];
    const [h, k] = [Math.max(1, link.n * node.scale), Math.max(1, link.n * b.get(link.to).scale)];
    node.used += link.n * node.scale;
    const d = `M${x0 + 9},${t}C${middle},${t} ${middle},${u} ${x1 - 9},${u}v${k}C${middle},${u + k} ${middle},${t + h} ${x0 + 9},${t + h}Z`;
    return svg('path', { class: `ribbon hue-${node.hue}${isChosen(link.from, link.to) ? '' : ' off'}`, d, onclick: () => choose(link.from, link.to) },
      svg('title', { text: `pages of ${link.from} carry ${exact(link.n)} of ${link.to}` }));
  });
  const node = (nodes, x, anchor, at, hued) => [...nodes].flatMap(([name, { y, h, n, hue }]) => [
    svg('rect', { x, y, width: 9, height: h, rx: 2, class: hued ? `node hue-${hue}` : 'node' }),
    h + GAP >= 11 ? svg('text', { x: at, y: y + h / 2, dy: '0.34em', 'text-anchor': anchor }, clip(name, label), svg('tspan', { class: 'count', dx: 6, text: brief(n) }), svg('title', { text: `${name}: ${exact(n)}` })) : null,
  ]);
  const picture = svg('svg', { viewBox: `0 -6 ${width} ${height + 12}`, height: height + 12, role: 'img', 'aria-label': 'Ribbons from the publishers of pages to the publishers of the articles on them; the table below has the same numbers' },
    ...ribbons, ...node(a, x0, 'end', x0 - 8, true).filter(Boolean), ...node(b, x1 - 9, 'start', x1 + 8, false).filter(Boolean));
  plot.replaceChildren(picture);
}

const PIXELS_A_LETTER = 6.6;
const clip = (name, pixels) => {
  const letters = Math.max(6, Math.floor((pixels - 44) / PIXELS_A_LETTER));
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
};

function drawMatrix(left, right, links) {
  const most = Math.max(1, ...links.map(({ n }) => n));
  const cells = new Map(links.map(({ from, to, n }) => [JSON.stringify([from, to]), n]));
  $('#matrix thead tr').replaceChildren(el('th', { scope: 'col', text: 'pages of ↓ carry →' }), ...right.map(([name]) => el('th', { scope: 'col', class: 'tilt' }, el('span', { text: name, title: name }))));
  $('#matrix tbody').replaceChildren(...left.map(([from, sum]) => el('tr', {}, el('th', { scope: 'row', text: from, title: `${exact(sum)} in all` }), ...right.map(([to]) => {
    const n = cells.get(JSON.stringify([from, to])) ?? 0;
    const shade = n ? Math.max(1, Math.ceil(6 * Math.sqrt(n / most))) : 0;
    const words = `pages of ${from} carry ${exact(n)} of ${to}`;
    return el('td', {}, n ? el('button', { type: 'button', class: `cell heat-${shade}${isChosen(from, to) ? '' : ' off'}`, 'aria-label': words, title: words, onclick: () => choose(from, to), text: brief(n) }) : el('span', { class: 'cell none', 'aria-label': 'none', text: '·' }));
  }))));
}

function drawTable() {
  const sums = new Map();
  for (const { from, n } of pairs) sums.set(from, (sums.get(from) ?? 0) + n);
  const rows = pairs.filter(({ from, to }) => isChosen(from, to)).sort((p, q) => q.n - p.n || (p.from + p.to < q.from + q.to ? -1 : 1));
  const overview = ({ from, to }) => {
    const address = new URLSearchParams(location.search);
    address.delete('on');
    address.delete('publisher');
    address.append('on', from);
    address.append('publisher', to);
    address.append('rows', 'appearances');
    return `/?${address}`;
  };
  $('#pairs tbody').replaceChildren(...rows.slice(0, PAIRS).map((pair) => el('tr', {},
    el('td', { dir: 'auto', text: pair.from }), el('td', { dir: 'auto', text: pair.to }), el('td', { class: 'n', text: exact(pair.n) }), el('td', { class: 'n', text: percent(pair.n, sums.get(pair.from)) }),
    el('td', {}, el('a', { href: overview(pair), text: 'Show the articles', 'aria-label': `Show the articles of ${pair.to} on pages of ${pair.from}` })))));
  $('#pairs .mute').textContent = rows.length > PAIRS ? `The first ${PAIRS} of ${exact(rows.length)} pairs; the exports have all.` : `${exact(rows.length)} pairs`;
}

function draw() {
  pairs = isNamedOnly ? found.filter(({ from, to }) => from !== UNNAMED && to !== UNNAMED) : found;
  const left = top('from', LEFT);
  const right = top('to', RIGHT);
  const isEmpty = !pairs.length;
  $('#none').hidden = !isEmpty;
  for (const id of ['ribbons', 'matrix', 'pairs']) $(`#${id}`).hidden = isEmpty;
  if (isEmpty) return;
  drawRibbons(left, right, folded(left, right));
  drawMatrix(left, right, folded(left, right));
  drawTable();
}

const query = (predicates) => Query.from(APPEARANCES)
  .select({ page_publisher: column('page_publisher_name'), article_publisher: column('publisher_name'), n: count() })
  .where(predicates, neq(column('zone'), literal('primary')))
  .groupby(column('page_publisher_name'), column('publisher_name'));
const client = panel($('#pairs'), filters, {
  name: 'recommendations',
  owns: 'on',
  query,
  draw: (rows) => {
    found = rows.map((row) => ({ from: row.page_publisher, to: row.article_publisher, n: Number(row.n) }));
    draw();
    document.documentElement.dataset.ready = 'yes';
  },
});
filters.own('publisher', client);
filters.addEventListener('change', draw);
$('#named').addEventListener('click', ({ currentTarget }) => {
  isNamedOnly = !isNamedOnly;
  currentTarget.setAttribute('aria-pressed', String(isNamedOnly));
  draw();
});
new ResizeObserver(() => { if (pairs.length) drawRibbons(top('from', LEFT), top('to', RIGHT), folded(top('from', LEFT), top('to', RIGHT))); }).observe($('#ribbons .plot'));
