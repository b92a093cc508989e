// What a script adds to pages that work without one: the reason for a segment beside the text, filters that act at once,
// and keys. Nothing here makes HTML out of text.
const byId = (id) => document.getElementById(id);
const list = document.querySelector('.segments');
const segments = list ? [...list.querySelectorAll(':scope > li[id]')] : [];
for (const element of document.querySelectorAll('.needs-script')) element.hidden = false;

// An address of a segment that stands on another screen of a long page leads there.
const target = location.hash.match(/^#segment-(\d+)$/)?.[1];
const query = new URLSearchParams(location.search);
if (list && target && !byId(`segment-${target}`) && !query.has('at')) {
  query.set('at', target);
  location.search = query;
}

// Why: rule, confidence and place of the segment that is pointed at, has the focus or is in the address.
const why = byId('why');
let here = null;
function explain(segment) {
  if (!segment || segment === here) return;
  here?.classList.remove('here');
  here = segment;
  here.classList.add('here');
  const { zone, role, bytes, joint, position, seen } = segment.dataset;
  const article = position === undefined ? null : byId(`article-${position}`);
  const facts = [
    ['label', `${zone} · ${role.replaceAll('_', ' ')}`],
    ['rule', segment.querySelector('.rule').textContent],
    ['that is', segment.querySelector('.rule').title],
    ['confidence', segment.querySelector('.sure').textContent.trim()],
    ['bytes', bytes],
    ['joint', position === undefined ? null : `${joint} to the text before it`],
    ['article', article?.querySelector('h3').textContent],
    ['template', seen && `on ${seen}`],
  ];
  const shown = why.querySelector('dl');
  shown.replaceChildren(...facts.filter(([, value]) => value).flatMap(([name, value]) => {
    const pair = [document.createElement('dt'), document.createElement('dd')];
    pair[0].textContent = name;
    pair[1].textContent = value;
    return pair;
  }));
  shown.hidden = false;
  why.querySelector('p').hidden = true;
}
// One segment is in the order of the tab key; j and k move it.
let current = -1;
function select(index, focus = true) {
  if (!segments[index]) return;
  if (segments[current]) segments[current].querySelector('.no').tabIndex = -1;
  current = index;
  const link = segments[index].querySelector('.no');
  link.tabIndex = 0;
  if (focus) {
    link.focus({ preventScroll: true });
    segments[index].scrollIntoView({ block: 'nearest' });
  }
}
if (list) {
  for (const segment of segments) segment.querySelector('.no').tabIndex = -1;
  const asked = segments.findIndex((segment) => `#${segment.id}` === location.hash);
  select(Math.max(asked, 0), false);
  if (asked >= 0) explain(segments[asked]);
  const rowOf = (event) => event.target.closest('.segments > li[id]');
  list.addEventListener('mouseover', (event) => explain(rowOf(event)));
  list.addEventListener('focusin', (event) => { explain(rowOf(event)); current = segments.indexOf(rowOf(event)); });
}
function step(direction, wanted = () => true) {
  for (let index = current + direction; index >= 0 && index < segments.length; index += direction) {
    if (!segments[index].hidden && wanted(segments[index])) { select(index); return; }
  }
}

// Filters: where the whole text is here it is filtered here, else the server is asked.
const legend = byId('legend');
if (legend) {
  const isWhole = list.dataset.whole === 'yes';
  legend.querySelector('button').hidden = true;
  legend.addEventListener('change', () => {
    if (!isWhole) { legend.submit(); return; }
    const chosen = new FormData(legend);
    const [zones, roles] = [chosen.getAll('zone'), chosen.getAll('role')];
    for (const segment of segments) {
      const { zone, role } = segment.dataset;
      segment.hidden = (zones.length > 0 && !zones.includes(zone)) || (roles.length > 0 && !roles.includes(role))
        || (chosen.has('below') && !segment.classList.contains('is-low'));
    }
  });
  if (isWhole && legend.querySelector(':checked')) legend.dispatchEvent(new Event('change')); // kept by the browser
}
byId('show-blanks')?.addEventListener('change', (event) => list.classList.toggle('hide-blanks', !event.target.checked));
document.querySelector('.map')?.addEventListener('click', (event) => {
  const segment = event.target.closest('g')?.dataset.segment;
  if (!segment) return;
  const index = segments.findIndex((row) => row.id === `segment-${segment}`);
  if (index >= 0) select(index);
  else { query.set('at', segment); location.href = `?${query}#segment-${segment}`; }
});

// Keys. They can be turned off, because speech input types letters too.
const keys = byId('keys');
const keysOn = byId('keys-on');
function stored(value) {
  try {
    if (value !== undefined) localStorage.setItem('keys', value);
    return localStorage.getItem('keys') !== 'off';
  } catch { return value !== 'off'; } // storage is off: until the next page
}
if (keysOn) {
  keysOn.checked = stored();
  keysOn.addEventListener('change', () => stored(keysOn.checked ? 'on' : 'off'));
  byId('show-keys').hidden = false;
  byId('show-keys').addEventListener('click', () => keys.showModal());
}
const actions = {
  j: () => step(1), k: () => step(-1), l: () => step(1, (row) => row.classList.contains('is-low')),
  g: () => { location.href = '/pages'; },
};
document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input:not([type="checkbox"]), select, textarea, dialog');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (keysOn && !keysOn.checked && event.key !== '?') return;
  const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!actions[event.key] && !control) return;
  event.preventDefault();
  if (actions[event.key]) actions[event.key]();
  else if (control.matches('input[type="search"]')) control.focus();
  else control.click();
});
