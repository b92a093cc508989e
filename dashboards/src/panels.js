// A panel: one Mosaic client that draws its rows, and the buttons that show its SQL and save what it shows.
import { makeClient } from '@uwdata/mosaic-core';
import { $, el } from './dom.js';
import { mosaic, save, say } from './server.js';

const POINTED_MS = 120; // a pointer that only passes is no reason to prepare

/** SQL over several lines. Only words outside quotes are looked at: a name or a title may contain them. */
export function pretty(sql) {
  return sql
    .split(/('(?:[^']|'')*'|"(?:[^"]|"")*")/)
    .map((part, i) => (i % 2 ? part : part.replace(/\s+(FROM|WHERE|GROUP BY|ORDER BY|LIMIT|LEFT JOIN|AND)\b/gi, (_, word) => (word.toUpperCase() === 'AND' ? `\n  ${word}` : `\n${word}`))))
    .join('');
}

export function showSql(title, sql) {
  const dialog = $('#sql');
  $('h2', dialog).textContent = title;
  $('code', dialog).textContent = pretty(sql);
  dialog.showModal();
}

/** SQL, CSV and Parquet of a panel; `sql()` is what it shows now, `words()` the filters for the file's name. */
export function addTools(card, { name, title, sql, words }) {
  const saved = (format) => async () => {
    try {
      await save(format, name, sql(), words());
    } catch (error) {
      say(error);
    }
  };
  const button = (text, label, onclick) => el('button', { type: 'button', class: 'link', 'aria-label': `${label}: ${title}`, onclick, text });
  $('.panel-head', card).append(
    el('div', { class: 'tools no-print' },
      button('SQL', 'Show the SQL', () => showSql(title, sql())),
      button('CSV', 'Save as CSV', saved('csv')),
      button('Parquet', 'Save as Parquet', saved('parquet'))));
}

/**
 * Connect a card to the filters. `query(predicates)` gives a Mosaic query, `draw(rows)` draws its rows; `owns` names
 * the dimension the card selects in, which does not filter it, if it selects.
 */
export function panel(card, filters, { name, owns = null, query, draw }) {
  const title = $('h2', card).textContent;
  const client = makeClient({
    coordinator: mosaic,
    selection: filters.selection,
    query,
    queryResult: (data) => {
      draw(data.toArray());
      card.dataset.drawn = String(Number(card.dataset.drawn ?? 0) + 1);
    },
    queryError: (error) => say(error.cause ?? error),
  });
  if (owns) {
    filters.own(owns, client);
    const prepare = () => filters.activate(owns);
    let pointed;
    card.addEventListener('pointerenter', () => { pointed = setTimeout(prepare, POINTED_MS); });
    card.addEventListener('pointerleave', () => clearTimeout(pointed));
    card.addEventListener('focusin', prepare);
  }
  addTools(card, { name, title, sql: () => String(query(filters.selection.predicate(client))), words: () => filters.fileWords() });
  return client;
}
