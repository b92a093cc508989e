// What a first visit to the overview asks, and what its first brush has prepared: the statements as the browser will
// send them, because the same code puts them.
import { Coordinator, makeClient } from '@uwdata/mosaic-core';
import { Filters } from './src/filters.js';
import { QUESTIONS } from './src/questions.js';

const logger = { debug() {}, info() {}, log() {}, warn() {}, group() {}, groupEnd() {}, error(error) { throw error; } };

/** {queries: [SQL], preparations: [SQL]}, in the order in which the page asks. */
export async function firstQuestions() {
  const asked = { arrow: [], exec: [] };
  const connector = { async query({ type, sql }) { asked[type].push(sql); return new Uint8Array(); } };
  const coordinator = new Coordinator(connector, { logger, cache: false });
  const filters = new Filters();
  const clients = Object.values(QUESTIONS).map(({ owns, query }) => {
    const client = makeClient({ coordinator, selection: filters.selection, query });
    if (owns) filters.own(owns, client);
    return client;
  });
  await Promise.all(clients.map((client) => client.pending));
  filters.activate('range');
  await Promise.all([...coordinator.preaggregator.entries.values()].map((entry) => entry?.result));
  return { queries: asked.arrow, preparations: asked.exec };
}
