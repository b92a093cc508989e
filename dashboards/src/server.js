// The one way to the data: POST to the page's own server, always about the generation the page stands on.
import { Coordinator, coordinator } from '@uwdata/mosaic-core';

export const generation = document.documentElement.dataset.generation ?? '';
let number = 0;

/** POST `body` about this page's generation; the Response, or an Error in the server's words. */
async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Request-Number': String(++number) },
      body: JSON.stringify({ ...body, generation }),
    });
  } catch {
    throw new Error('The server does not answer. Is `cuttings dashboard` still running?');
  }
  if (answer.ok) return answer;
  const { error = answer.statusText } = await answer.json().catch(() => ({}));
  if (answer.status === 410) throw new Error(`This page's generation is gone (${error}). Reload the page.`);
  throw new Error(error);
}

const connector = {
  async query({ type, sql }) {
    const answer = await post('/api/query', { type, sql });
    return type === 'exec' ? undefined : answer.arrayBuffer();
  },
};

/** Errors show on the page, where a person sees them, and once each. */
const logger = { debug() {}, info() {}, log() {}, warn() {}, group() {}, groupEnd() {}, error: (error) => say(error.cause ?? error) };

export function say(error) {
  const place = document.querySelector('#problem');
  if (!place) return;
  place.querySelector('span').textContent = String(error?.message ?? error);
  place.hidden = false;
}

export const mosaic = new Coordinator(connector, { logger });
coordinator(mosaic);

/** Rows of a SELECT as objects. */
export async function rows(sql) {
  return (await mosaic.query(sql)).toArray();
}

/** Save the rows of a SELECT as a file the server makes. */
export async function save(format, name, sql, filters) {
  const answer = await post('/api/export', { format, name, sql, filters });
  const named = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = named ? named[1] : `${name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
