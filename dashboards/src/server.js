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

/** A function that takes so many bytes off a stream. */
function taking(stream) {
  const reader = stream.getReader();
  let held = new Uint8Array();
  return async (count) => {
    while (held.length < count) {
      const { done, value } = await reader.read();
      if (done) throw new Error('The answer broke off. Is `cuttings dashboard` still running?');
      const joined = new Uint8Array(held.length + value.length);
      joined.set(held);
      joined.set(value, held.length);
      held = joined;
    }
    const taken = held.slice(0, count);
    held = held.subarray(count);
    return taken;
  };
}

const TOGETHER = 16; // questions of one request
let waiting = [];

/** Questions of the same moment go in one request, and their answers come one by one as they are found. */
async function send() {
  const asked = waiting.splice(0, TOGETHER);
  if (waiting.length) queueMicrotask(send);
  try {
    const take = taking((await post('/api/query', { sql: asked.map(({ sql }) => sql) })).body);
    for (const { resolve, reject } of asked) {
      const head = new DataView((await take(5)).buffer);
      const found = await take(head.getUint32(1, true));
      if (head.getUint8(0)) reject(new Error(new TextDecoder().decode(found)));
      else resolve(found);
    }
  } catch (error) {
    for (const { reject } of asked) reject(error); // those that are answered stay so
  }
}

const connector = {
  async query({ type, sql }) {
    if (type === 'exec') {
      await post('/api/query', { type, sql });
      return undefined;
    }
    return new Promise((resolve, reject) => {
      if (!waiting.length) queueMicrotask(send);
      waiting.push({ sql, resolve, reject });
    });
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

// A coordinator gives answers in the order of the questions: those that are not a chart's have one of their own, so that
// no brush waits for a search.
const asides = new Coordinator(connector, { logger, consolidate: false });

/** Rows of a SELECT as objects. */
export async function rows(sql) {
  return (await asides.query(sql)).toArray();
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
