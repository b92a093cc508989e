// What is selected: a half-open range of UTC days and sets of values. It lives in the address of the page, in words
// above the charts, and as clauses of one Mosaic selection that filters every chart but the one it was made in.
import { Selection } from '@uwdata/mosaic-core';
import { and, asNode, cast, column, gte, isIn, literal, lt } from '@uwdata/mosaic-sql';
import { DAY, fromDay, isoDay, monday } from './dom.js';

/**
 * `name` is the name in the address; `ofTexts` says that texts have the column too, not only their appearances. An open
 * list is not prepared for: its sums by every other column would be nearly as many as the rows.
 */
export const DIMENSIONS = [
  { name: 'publisher', column: 'publisher_name', label: 'publisher', ofTexts: true, isOpen: true },
  { name: 'on', column: 'page_publisher_name', label: 'on pages of', ofTexts: false, isOpen: true },
  { name: 'zone', column: 'zone', label: 'role', ofTexts: true },
  { name: 'age', column: 'age_bin', label: 'age when seen', ofTexts: true },
  { name: 'origin', column: 'date_origin', label: 'date', ofTexts: true },
  { name: 'certainty', column: 'certainty', label: 'published', ofTexts: true },
  { name: 'language', column: 'language', label: 'language', ofTexts: true },
  { name: 'body', column: 'body_status', label: 'body', ofTexts: true },
];
const RANGE = 'range';
const day = (ms) => cast(literal(isoDay(ms)), 'DATE');

export class Filters extends EventTarget {
  constructor() {
    super();
    this.selection = Selection.crossfilter();
    this.values = new Map(DIMENSIONS.map(({ name }) => [name, new Set()]));
    this.range = null; // [from, before) in milliseconds, or null for all time
    this.handles = new Map(DIMENSIONS.map(({ name }) => [name, { source: {}, clients: new Set() }]));
    // Weeks and days are two columns, and Mosaic prepares for one column a source.
    const clients = new Set();
    this.handles.set(RANGE, { clients });
    this.rangeHandles = { published_week: { source: {}, clients }, published_on: { source: {}, clients } };
    this.rangeClause = null; // the one that is in the selection
    this.isByDay = false; // the time line is drawn by day: every range is one of days
  }

  /** `client` draws the dimension `name` (or 'range'), and is not filtered by it. */
  own(name, client) {
    this.handles.get(name).clients.add(client);
  }

  has(name, value) {
    return this.values.get(name).has(value);
  }

  toggle(name, value, isAlone = false) {
    const chosen = this.values.get(name);
    const next = new Set(isAlone ? [] : chosen);
    if (chosen.has(value) && (!isAlone || chosen.size === 1)) next.delete(value);
    else next.add(value);
    this.set(name, next);
  }

  set(name, values) {
    this.values.set(name, new Set(values));
    this.#publish(name, this.#clause(name));
  }

  setRange(range) {
    const next = range && range[1] > range[0] ? range : null;
    if (String(next) === String(this.range)) return;
    const old = this.rangeClause;
    const clause = this.#rangeClause(next);
    this.range = next;
    this.rangeClause = clause;
    if (old?.predicate && old.source !== clause.source) this.selection.update({ ...old, value: null, predicate: null });
    this.#publish(RANGE, clause);
  }

  /** Let Mosaic prepare for changes of a dimension, when a person is about to make one. */
  activate(name) {
    const clause = name === RANGE ? this.#rangeClause(this.range ?? [4 * DAY, 11 * DAY]) : this.#clause(name, ['']);
    if (clause.meta) this.selection.activate(clause);
  }

  clear() {
    for (const { name } of DIMENSIONS) if (this.values.get(name).size) this.set(name, []);
    this.setRange(null);
  }

  get isEmpty() {
    return !this.range && DIMENSIONS.every(({ name }) => !this.values.get(name).size);
  }

  get needsAppearances() {
    return DIMENSIONS.some(({ name, ofTexts }) => !ofTexts && this.values.get(name).size);
  }

  /** Conditions for a query of one's own; `range` instead of the chosen one, `without` a dimension. */
  where({ range = this.range, without = null } = {}) {
    const clauses = DIMENSIONS.filter(({ name }) => name !== without).map(({ name }) => this.#clause(name).predicate);
    if (without !== RANGE) clauses.push(this.#rangeClause(range).predicate);
    return clauses.filter((predicate) => predicate != null);
  }

  /** [what, value] in words, for chips, file names and screen readers. */
  words() {
    const said = DIMENSIONS.flatMap(({ name, label }) => [...this.values.get(name)].map((value) => ({ name, label, value })));
    if (this.range) {
      const [from, before] = this.range.map(isoDay);
      said.unshift({ name: RANGE, label: 'published (UTC)', value: `from ${from}, before ${before}` });
    }
    return said;
  }

  fileWords() {
    return this.words().map(({ name, value }) => (name === RANGE ? ['published', this.range.map(isoDay).join('_to_before_')] : [name, value]));
  }

  readAddress(parameters) {
    const from = fromDay(parameters.get('from'));
    const before = fromDay(parameters.get('before'));
    if (from != null && before != null && before > from) this.setRange([from, before]);
    for (const { name } of DIMENSIONS) {
      const values = parameters.getAll(name);
      if (values.length) this.set(name, values);
    }
  }

  writeAddress(parameters) {
    for (const name of ['from', 'before', ...DIMENSIONS.map((dimension) => dimension.name)]) parameters.delete(name);
    if (this.range) {
      parameters.set('from', isoDay(this.range[0]));
      parameters.set('before', isoDay(this.range[1]));
    }
    for (const { name } of DIMENSIONS) for (const value of this.values.get(name)) parameters.append(name, value);
  }

  #publish(name, clause) {
    this.selection.update(clause);
    this.dispatchEvent(new CustomEvent('change', { detail: name }));
  }

  #clause(name, values = [...this.values.get(name)]) {
    const dimension = DIMENSIONS.find((one) => one.name === name);
    const field = asNode(column(dimension.column));
    const predicate = values.length ? isIn(field, values.map((value) => literal(value))) : null;
    const meta = dimension.isOpen ? undefined : { type: 'point' }; // without it Mosaic prepares nothing
    return { ...this.handles.get(name), fields: [field], value: values.length ? values : null, predicate, meta };
  }

  /** Whole weeks are asked of the week column, which has few values, so that Mosaic can keep them all prepared. */
  #rangeClause(range) {
    const isWeeks = !this.isByDay && (range == null || range.every((ms) => monday(ms) === ms));
    const name = isWeeks ? 'published_week' : 'published_on';
    const field = asNode(column(name));
    const predicate = range ? and(gte(field, day(range[0])), lt(field, day(range[1]))) : null;
    return { ...this.rangeHandles[name], fields: [field], value: range, predicate, meta: { type: 'point' } };
  }
}
