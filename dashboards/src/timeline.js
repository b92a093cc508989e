// Appearances by week or day of publication, stacked by role; drag, or move the two handles by key, to filter.
import { scaleLinear, scaleUtc } from 'd3-scale';
import { $, DAY, brief, el, exact, isoDay, monday, svg } from './dom.js';
import { panel } from './panels.js';
import { byTime } from './questions.js';

export const ZONES = ['primary', 'related', 'sibling'];
const MARGIN = { top: 10, right: 10, bottom: 24, left: 46 };
const HEIGHT = 232;
const DAYS_BY_DAY = 84; // a shorter span is drawn by day
const SHARE_SHOWN = 0.995; // of the dated rows; a few stray dates must not flatten the others

const dayAndMonth = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Start of the axis: the latest one that leaves out no more than a few stray early dates. */
function robustStart(totals, start, end) {
  const all = totals.reduce((sum, [, n]) => sum + n, 0);
  let kept = 0;
  for (let i = totals.length - 1; i >= 0; i -= 1) {
    kept += totals[i][1];
    if (kept >= all * SHARE_SHOWN && end - totals[i][0] < (end - start) / 2) return totals[i][0];
  }
  return start;
}

/** `weeks` has the rows of all weeks and roles: how long the axis is, and whether it is one of weeks or of days. */
export function timeline(card, filters, weeks) {
  const plot = $('.plot', card);
  const sums = new Map();
  for (const { t, n } of weeks) sums.set(Number(t), (sums.get(Number(t)) ?? 0) + Number(n));
  const totals = [...sums].sort((a, b) => a[0] - b[0]);
  if (!totals.length) totals.push([monday(Date.now()), 0]);
  const first = totals[0][0];
  const end = totals.at(-1)[0] + 7 * DAY;
  let start = robustStart(totals, first, end);
  const unit = (end - start) / DAY <= DAYS_BY_DAY ? DAY : 7 * DAY;
  const field = unit === DAY ? 'published_on' : 'published_week';
  filters.isByDay = unit === DAY;
  $('h2', card).textContent = `Articles by ${unit === DAY ? 'day' : 'week'} of publication`;

  let rows = [];
  let ghost = null;
  let x, y, width;
  const picture = svg('svg', { role: 'img', 'aria-label': 'Stacked bars; the table of the same numbers is behind CSV' });
  const bands = Object.fromEntries(ZONES.map((zone) => [zone, svg('path', { class: `band zone-${zone}` })]));
  const axes = svg('g', { class: 'axis' });
  const before = svg('path', { class: 'ghost' });
  picture.append(axes, ...Object.values(bands), before);
  const window_ = el('div', { class: 'brush-window', hidden: true });
  const area = el('div', { class: 'brush' }, window_);
  const handles = ['from', 'before'].map((edge, i) => {
    const handle = el('div', { class: `handle ${edge}`, role: 'slider', tabindex: '0', 'aria-label': `Published ${edge}`, 'aria-orientation': 'horizontal' });
    handle.addEventListener('keydown', (event) => nudge(event, i));
    area.append(handle);
    return handle;
  });
  const tip = el('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  plot.append(picture, area, tip);
  const older = el('button', { type: 'button', class: 'link no-print', hidden: start === first, onclick: () => { start = first; older.hidden = true; draw(); } });
  older.textContent = `Show ${exact(totals.filter(([t]) => t < start).reduce((sum, [, n]) => sum + n, 0))} before ${isoDay(start)}`;
  card.append(older);

  const range = () => filters.range ?? [start, end];
  const clamp = (ms) => Math.max(start, Math.min(end, ms));
  const snap = (ms) => clamp(start + Math.round((ms - start) / unit) * unit);

  function path(values) {
    const w = Math.max(1, x(start + unit) - x(start) - (unit === DAY || x(start + unit) - x(start) > 4 ? 1 : 0.4));
    return values.map(([t, low, high]) => `M${x(t).toFixed(1)},${y(high).toFixed(1)}h${w.toFixed(1)}V${y(low).toFixed(1)}h${(-w).toFixed(1)}Z`).join('');
  }

  function draw() {
    width = plot.clientWidth;
    if (!width) return;
    const stacks = new Map();
    for (const { t, zone, n } of rows) {
      if (t < start || t >= end) continue;
      if (!stacks.has(t)) stacks.set(t, {});
      stacks.get(t)[zone] = n;
    }
    const sum = (parts) => ZONES.reduce((all, zone) => all + (parts[zone] ?? 0), 0);
    const most = Math.max(1, ...[...stacks.values()].map(sum), ...(ghost ?? []).map(({ n }) => n));
    x = scaleUtc().domain([start, end]).range([MARGIN.left, width - MARGIN.right]);
    y = scaleLinear().domain([0, most]).nice(4).range([HEIGHT - MARGIN.bottom, MARGIN.top]);
    picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    picture.setAttribute('height', HEIGHT);
    const values = Object.fromEntries(ZONES.map((zone) => [zone, []]));
    for (const [t, parts] of stacks) {
      let low = 0;
      for (const zone of ZONES) {
        const n = parts[zone] ?? 0;
        if (n) values[zone].push([t, low, low + n]);
        low += n;
      }
    }
    for (const zone of ZONES) bands[zone].setAttribute('d', path(values[zone]));
    before.setAttribute('d', (ghost ?? []).map(({ t, n }) => `M${x(t).toFixed(1)},${y(n).toFixed(1)}H${x(t + unit).toFixed(1)}`).join(''));
    drawAxes();
    drawBrush();
  }

  function drawAxes() {
    const marks = y.ticks(4).filter(Number.isInteger).map((n) => svg('g', {},
      svg('line', { x1: MARGIN.left, x2: width - MARGIN.right, y1: y(n), y2: y(n) }),
      svg('text', { x: MARGIN.left - 8, y: y(n), dy: '0.32em', 'text-anchor': 'end', text: brief(n) })));
    const ticks = x.ticks(Math.max(2, Math.floor(width / 110))).filter((t) => x(t) < width - 24);
    const say = unit === DAY ? dayAndMonth.format : x.tickFormat();
    const words = ticks.map((t) => svg('text', { x: x(t), y: HEIGHT - 6, 'text-anchor': 'middle', text: say(t) }));
    axes.replaceChildren(...marks, ...words);
  }

  function drawBrush() {
    if (!x) return;
    const [from, to] = range().map(clamp);
    area.style.left = `${MARGIN.left}px`;
    area.style.width = `${width - MARGIN.left - MARGIN.right}px`;
    area.style.height = `${HEIGHT - MARGIN.bottom}px`;
    window_.hidden = !filters.range;
    window_.style.left = `${x(from) - MARGIN.left}px`;
    window_.style.width = `${Math.max(2, x(to) - x(from))}px`;
    card.classList.toggle('brushed', Boolean(filters.range));
    [from, to].forEach((ms, i) => {
      handles[i].style.left = `${x(ms) - MARGIN.left}px`;
      handles[i].setAttribute('aria-valuemin', '0');
      handles[i].setAttribute('aria-valuemax', String(Math.round((end - start) / unit)));
      handles[i].setAttribute('aria-valuenow', String(Math.round((ms - start) / unit)));
      handles[i].setAttribute('aria-valuetext', `${i ? 'before' : 'from'} ${isoDay(ms)}${filters.range ? '' : ', not filtered'}`);
    });
  }

  function nudge(event, i) {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -4, PageUp: 4 }[event.key];
    if (event.key === 'Escape') filters.setRange(null);
    else if (step || event.key === 'Home' || event.key === 'End') {
      const next = range().map(snap);
      next[i] = event.key === 'Home' ? start : event.key === 'End' ? end : clamp(next[i] + step * unit);
      if (next[0] < next[1]) filters.setRange(next[0] === start && next[1] === end ? null : next);
    } else return;
    event.preventDefault();
  }

  const at = (event) => x.invert(event.clientX - plot.getBoundingClientRect().left).getTime();
  let drag = null;
  area.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    const edge = handles.indexOf(event.target);
    const here = at(event);
    const [from, to] = range();
    if (edge >= 0) drag = { anchor: edge ? from : to };
    else if (event.target === window_) drag = { moved: [from, to], here };
    else drag = { anchor: start + Math.floor((here - start) / unit) * unit, isNew: true };
    area.setPointerCapture(event.pointerId);
    if (edge < 0) event.preventDefault();
  });
  let frame = 0;
  area.addEventListener('pointermove', (event) => {
    if (!drag) return hover(event);
    const here = at(event);
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (!drag) return;
      if (drag.moved) {
        const by = Math.round((here - drag.here) / unit) * unit;
        const shift = Math.max(start - drag.moved[0], Math.min(end - drag.moved[1], by));
        filters.setRange(drag.moved.map((ms) => ms + shift));
      } else {
        const edge = snap(here);
        if (edge !== drag.anchor) filters.setRange([Math.min(edge, drag.anchor), Math.max(edge, drag.anchor)]);
      }
    });
  });
  area.addEventListener('pointerup', (event) => {
    // A click without a drag takes the one bar under it, or lets go of the range when it is outside of it.
    if (drag?.isNew && Math.abs(at(event) - drag.anchor) < unit && snap(at(event)) === snap(drag.anchor)) {
      filters.setRange(filters.range ? null : [drag.anchor, Math.min(end, drag.anchor + unit)]);
    }
    drag = null;
  });
  area.addEventListener('pointercancel', () => { drag = null; });
  area.addEventListener('pointerleave', () => { tip.hidden = true; });

  function hover(event) {
    const t = start + Math.floor((at(event) - start) / unit) * unit;
    const parts = rows.filter((row) => row.t === t);
    tip.hidden = !parts.length;
    if (!parts.length) return;
    tip.replaceChildren(el('b', { text: unit === DAY ? isoDay(t) : `Week from ${isoDay(t)}` }),
      ...ZONES.flatMap((zone) => parts.filter((part) => part.zone === zone)).map(({ zone, n }) => el('span', {}, el('i', { class: `swatch zone-${zone}` }), `${zone} ${exact(n)}`)));
    const left = x(t) + (x(t + unit) - x(t)) / 2;
    tip.style.left = `${Math.min(Math.max(left, 70), width - 90)}px`;
  }

  new ResizeObserver(draw).observe(plot);
  filters.addEventListener('change', ({ detail }) => { if (detail === 'range') drawBrush(); });

  panel(card, filters, {
    name: 'articles-by-time',
    ...byTime(field),
    draw: (data) => {
      rows = data.map(({ t, zone, n }) => ({ t: Number(t), zone, n: Number(n) }));
      draw();
    },
  });
  return { start, end, unit, field, setGhost: (value) => { ghost = value; draw(); } };
}
