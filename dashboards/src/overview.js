// The overview: every chart filters every other, and the address of the page holds what is selected.
import { makeClient } from '@uwdata/mosaic-core';
import { Query, count, sql } from '@uwdata/mosaic-sql';
import { ages } from './ages.js';
import { bars } from './bars.js';
import { $, brief, exact, isoDay, percent, settled } from './dom.js';
import { filterBar } from './filterbar.js';
import { Filters } from './filters.js';
import { addTools } from './panels.js';
import { mosaic, rows, say } from './server.js';
import { articleTable } from './table.js';
import { APPEARANCES, CERTAINTIES, ORIGINS } from './tables.js';
import { ZONES, timeline } from './timeline.js';

const parameters = new URLSearchParams(location.search);
const filters = new Filters();
filters.readAddress(parameters);
let isCompared = parameters.get('compare') === 'yes';

const COUNTS = {
  n: count(),
  primary: sql`sum((zone = 'primary')::int)`,
  dated: sql`sum(is_dated::int)`,
  sure: sql`sum((certainty in ('within an hour', 'within a day'))::int)`,
  weak: sql`sum(is_capture_weak::int)`,
};

function writeAddress() {
  const address = new URLSearchParams(location.search);
  filters.writeAddress(address);
  table.writeAddress(address);
  if (isCompared) address.set('compare', 'yes');
  else address.delete('compare');
  const words = address.toString();
  history.replaceState(null, '', words ? `?${words}` : location.pathname);
}

/** One row of counts, however many rows the query has matched. */
const numbers = (row) => Object.fromEntries(Object.keys(COUNTS).map((name) => [name, Number(row?.[name] ?? 0)]));

let now = null;
let earlier = null;

function drawNumbers() {
  if (!now) return;
  const put = (id, text, part) => {
    $(`#${id}`).textContent = text;
    if (part !== undefined) $(`#${id}-part`).textContent = part;
  };
  put('k-appearances', exact(now.n));
  put('k-primary', exact(now.primary), `${percent(now.primary, now.n)} of them`);
  put('k-dated', percent(now.dated, now.n), exact(now.dated));
  put('k-sure', percent(now.sure, now.n), exact(now.sure));
  for (const [id, name] of [['k-appearances', 'n'], ['k-primary', 'primary'], ['k-dated', 'dated'], ['k-sure', 'sure']]) {
    const place = $(`#${id}-change`);
    place.hidden = !earlier;
    if (!earlier) continue;
    const [a, b] = [now[name], earlier[name]];
    const word = b === 0 ? (a === 0 ? 'none in both' : 'none before') : a === b ? 'as before' : `${a > b ? '▲' : '▼'} ${Math.abs((100 * (a - b)) / b).toFixed(0)}%`;
    place.textContent = b === 0 || a === b ? word : `${word} from ${brief(b)}`;
    place.title = `${exact(b)} in the period before`;
  }
}

/** The period of the same length right before the chosen one. */
const periodBefore = () => filters.range && [2 * filters.range[0] - filters.range[1], filters.range[0]];

let comparison = 0;
async function compare() {
  comparison += 1;
  const mine = comparison;
  const before = isCompared ? periodBefore() : null;
  const note = $('#compare-note');
  $('#compare').setAttribute('aria-pressed', String(isCompared));
  note.textContent = !isCompared ? '' : before ? `compared with ${isoDay(before[0])}, before ${isoDay(before[1])}` : 'choose a period first: drag over the bars, or fill in the days';
  if (!before) {
    earlier = null;
    chart?.setGhost(null);
    drawNumbers();
    return;
  }
  try {
    const where = filters.where({ range: before });
    const shift = filters.range[1] - filters.range[0];
    const [[row], ghost] = await Promise.all([
      rows(String(Query.from(APPEARANCES).select(COUNTS).where(where))),
      rows(String(Query.from(APPEARANCES).select({ t: chart.field, n: count() }).where(where).groupby(chart.field))),
    ]);
    if (mine !== comparison) return;
    earlier = numbers(row);
    chart.setGhost(ghost.map(({ t, n }) => ({ t: Number(t) + shift, n: Number(n) })));
    drawNumbers();
  } catch (error) {
    say(error);
  }
}

const table = articleTable($('#articles'), filters, parameters, () => { writeAddress(); drawFilters(); });
const drawFilters = filterBar($('#filters'), filters, {
  also: () => (table.term ? [{ name: 'search', label: 'title has', value: table.term }] : []),
  clearAlso: () => table.clear(),
});

const compareSoon = settled(compare, 150);
const addressSoon = settled(writeAddress, 200);
filters.addEventListener('change', () => { addressSoon(); compareSoon(); });
$('#compare').addEventListener('click', () => { isCompared = !isCompared; writeAddress(); compare(); });
$('#articles').addEventListener('counted', ({ detail }) => {
  if (detail.kind === 'texts') $('#k-texts').textContent = exact(detail.total);
});

const numbersClient = makeClient({
  coordinator: mosaic,
  selection: filters.selection,
  query: (predicates) => Query.from(APPEARANCES).select(COUNTS).where(predicates),
  queryResult: (data) => {
    now = numbers(data.toArray()[0]);
    drawNumbers();
    $('#numbers').dataset.drawn = String(Number($('#numbers').dataset.drawn ?? 0) + 1);
  },
  queryError: (error) => say(error.cause ?? error),
});
addTools($('#numbers'), {
  name: 'numbers',
  title: 'Numbers',
  sql: () => String(Query.from(APPEARANCES).select(COUNTS).where(filters.selection.predicate(numbersClient))),
  words: () => filters.fileWords(),
});

let chart = null;
table.load();
bars($('#publishers'), filters, { table: APPEARANCES, dimension: 'publisher', columnName: 'publisher_name', limit: 14, search: true });
$('#publishers').addEventListener('groups', ({ detail }) => {
  $('#k-publishers').textContent = exact(detail.filter(({ key, n }) => n && key !== 'not named').length);
});
bars($('#roles'), filters, { table: APPEARANCES, dimension: 'zone', columnName: 'zone', order: ZONES, swatches: true });
ages($('#ages'), filters);
bars($('#origins'), filters, { table: APPEARANCES, dimension: 'origin', columnName: 'date_origin', order: ORIGINS });
bars($('#certainties'), filters, { table: APPEARANCES, dimension: 'certainty', columnName: 'certainty', order: CERTAINTIES });
bars($('#languages'), filters, { table: APPEARANCES, dimension: 'language', columnName: 'language', limit: 8 });

for (const button of document.querySelectorAll('[data-sql]')) {
  addTools(button.closest('.card'), { name: button.dataset.name, title: $('h2', button.closest('.card')).textContent, sql: () => button.dataset.sql, words: () => [] });
}

const weeks = await rows('SELECT "published_week" AS "t", count(*) AS "n" FROM "marts"."dashboard_appearances" WHERE "published_week" IS NOT NULL GROUP BY "published_week"').catch((error) => { say(error); return []; });
chart = timeline($('#timeline'), filters, weeks);
if (isCompared) compare();
document.documentElement.dataset.ready = 'yes';
