// The overview: every chart filters every other, and the address of the page holds what is selected.
import { Query, and, count } from '@uwdata/mosaic-sql';
import { ages } from './ages.js';
import { bars } from './bars.js';
import { $, brief, exact, isoDay, percent, settled } from './dom.js';
import { filterBar } from './filterbar.js';
import { Filters } from './filters.js';
import { addTools, panel } from './panels.js';
import { COUNTS, QUESTIONS } from './questions.js';
import { mosaic, rows, say } from './server.js';
import { BRUSH_MS, articleTable } from './table.js';
import { APPEARANCES, CERTAINTIES, ORIGINS, TEXTS } from './tables.js';
import { ZONES, timeline } from './timeline.js';

const parameters = new URLSearchParams(location.search);
const filters = new Filters();
filters.readAddress(parameters);
let isCompared = parameters.get('compare') === 'yes';

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

let textsAsked = 0;
/** Distinct texts under the filters; of the pages that a text stands on, only appearances know. */
async function countTexts() {
  textsAsked += 1;
  const mine = textsAsked;
  if (filters.needsAppearances) {
    $('#k-texts').textContent = '–';
    return;
  }
  try {
    const where = filters.where();
    const [{ n }] = await rows(String(Query.from(TEXTS).select({ n: count() }).where(where.length ? [and(...where)] : [])));
    if (mine === textsAsked) $('#k-texts').textContent = exact(Number(n));
  } catch (error) {
    say(error);
  }
}
const textsSoon = settled(countTexts, BRUSH_MS);
filters.addEventListener('change', textsSoon);

mosaic.manager.consolidate(false); // no two charts group alike: none has to wait for another
let chart = null;
const weeks = mosaic.query(QUESTIONS.timeline.query([]));
table.load();
panel($('#numbers'), filters, {
  name: 'numbers',
  ...QUESTIONS.numbers,
  draw: ([row]) => {
    now = numbers(row);
    drawNumbers();
  },
});
$('#publishers').addEventListener('groups', ({ detail }) => {
  $('#k-publishers').textContent = exact(detail.filter(({ key, n }) => n && key !== 'not named').length);
});
bars($('#publishers'), filters, QUESTIONS.publishers, { limit: 14, search: true });
ages($('#ages'), filters);
bars($('#roles'), filters, QUESTIONS.roles, { order: ZONES, swatches: true });
bars($('#origins'), filters, QUESTIONS.origins, { order: ORIGINS });
bars($('#certainties'), filters, QUESTIONS.certainties, { order: CERTAINTIES });
bars($('#languages'), filters, QUESTIONS.languages, { limit: 8 });

for (const button of document.querySelectorAll('[data-sql]')) {
  addTools(button.closest('.card'), { name: button.dataset.name, title: $('h2', button.closest('.card')).textContent, sql: () => button.dataset.sql, words: () => [] });
}

chart = timeline($('#timeline'), filters, await weeks.then((found) => found.toArray(), (error) => { say(error); return []; }));
if (isCompared) compare();
if (!filters.isEmpty) countTexts(); // without filters the page has come with it
document.documentElement.dataset.ready = 'yes';
await Promise.allSettled([...mosaic.clients].map((client) => client.pending));
filters.activate('range'); // the next thing most people do is to drag over the bars
