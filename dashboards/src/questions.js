// What the charts of the overview ask. None of it needs a page: the build puts the same questions without a browser and
// writes them down, so that the server can answer a first visit before it comes (first.mjs).
import { Query, column, count, eq, isIn, isNotNull, literal, neq } from '@uwdata/mosaic-sql';
import { APPEARANCES } from './tables.js';

/** Aggregates that Mosaic takes apart: it prepares none that it only knows as text. */
export const COUNTS = {
  n: count(),
  primary: count().where(eq(column('zone'), literal('primary'))),
  dated: count().where(column('is_dated')),
  sure: count().where(isIn(column('certainty'), ['within an hour', 'within a day'].map((name) => literal(name)))),
};

const bars = (dimension, name) => ({
  owns: dimension,
  query: (predicates) => Query.from(APPEARANCES).select({ key: column(name), n: count() }).where(predicates).groupby('key'),
});

/** Appearances by `field`, one of the columns of a publication time, and role. */
export const byTime = (field) => ({
  owns: 'range',
  query: (predicates) => Query.from(APPEARANCES)
    .select({ t: column(field), zone: column('zone'), n: count() })
    .where(predicates, isNotNull(column(field)))
    .groupby('t', 'zone'),
});

/**
 * By card: `query(predicates)` gives a Mosaic query; `owns` names the dimension that the card selects in and is not
 * filtered by. In the order of the page, and the time line first: the length of its axis decides what it asks next.
 */
export const QUESTIONS = {
  timeline: byTime('published_week'),
  numbers: { owns: null, query: (predicates) => Query.from(APPEARANCES).select(COUNTS).where(predicates) },
  publishers: bars('publisher', 'publisher_name'),
  ages: {
    owns: 'age',
    query: (predicates) => Query.from(APPEARANCES)
      .select({ age: column('age_bin'), week: column('captured_week'), n: count() })
      .where(predicates, neq(column('zone'), literal('primary')))
      .groupby('age', 'week'),
  },
  roles: bars('zone', 'zone'),
  origins: bars('origin', 'date_origin'),
  certainties: bars('certainty', 'certainty'),
  languages: bars('language', 'language'),
};
