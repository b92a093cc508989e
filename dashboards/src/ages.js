// How old related articles were when their page was captured: a bar an age, and a cell a week of capture.
import { $, brief, el, exact, isoDay } from './dom.js';
import { panel } from './panels.js';
import { QUESTIONS } from './questions.js';
import { AGES } from './tables.js';

const SHADES = 6;
const WEEKS = 26; // the last ones that have captures

export function ages(card, filters) {
  const grid = $('.ages', card);
  let rows = [];

  function draw() {
    const weeks = [...new Set(rows.filter(({ week }) => week != null).map(({ week }) => week))].sort((a, b) => a - b).slice(-WEEKS);
    const totals = new Map(AGES.map((age) => [age, 0]));
    const cells = new Map();
    for (const { age, week, n } of rows) {
      totals.set(age, totals.get(age) + n);
      cells.set(`${age} ${week}`, n);
    }
    const most = Math.max(1, ...totals.values());
    const deepest = Math.max(1, ...rows.filter(({ week }) => week != null).map(({ n }) => n));
    const chosen = filters.values.get('age');
    const focused = grid.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    grid.replaceChildren(...AGES.filter((age) => totals.get(age) || chosen.has(age)).map((age) => {
      const bar = el('i');
      bar.style.width = `${(100 * totals.get(age)) / most}%`;
      const strip = el('span', { class: 'strip', 'aria-hidden': 'true' }, ...weeks.map((week) => {
        const n = cells.get(`${age} ${week}`) ?? 0;
        const shade = n ? Math.max(1, Math.ceil(SHADES * Math.sqrt(n / deepest))) : 0;
        return el('em', { class: `heat-${shade}`, title: `captured in the week from ${isoDay(week)}, ${age} old: ${exact(n)}` });
      }));
      return el('button', {
        type: 'button', class: `age${chosen.size && !chosen.has(age) ? ' off' : ''}`, 'data-key': age, 'aria-pressed': String(chosen.has(age)),
        onclick: (event) => filters.toggle('age', age, !(event.ctrlKey || event.metaKey || event.shiftKey)),
      }, el('span', { text: age }), weeks.length > 1 ? strip : null, el('span', { class: 'track' }, bar), el('b', { class: 'num', text: brief(totals.get(age)), title: exact(totals.get(age)) }));
    }));
    grid.classList.toggle('with-strip', weeks.length > 1);
    if (!grid.children.length) grid.append(el('p', { class: 'mute', text: 'No related article fits the filters.' }));
    $('.weeks', card).textContent = weeks.length > 1 ? `cells: weeks of capture, ${isoDay(weeks[0])} to ${isoDay(weeks.at(-1))}` : '';
    if (focused) [...grid.children].find((node) => node.dataset.key === focused)?.focus({ preventScroll: true });
  }

  filters.addEventListener('change', ({ detail }) => { if (detail === 'age') draw(); });
  panel(card, filters, {
    name: 'age-when-seen',
    ...QUESTIONS.ages,
    draw: (data) => {
      rows = data.map(({ age, week, n }) => ({ age, week: week == null ? null : Number(week), n: Number(n) }));
      draw();
    },
  });
}
