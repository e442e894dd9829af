/** A session in a dedicated worker. */
/* global self */
import { describeError } from './describe-error.mjs';
import { createSession } from './session.mjs';

const data = '/bench/.cache/data';

/** @param {string} path */
async function read(path) {
  const response = await fetch(`${data}/${path}`);
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  return response;
}

/** The paths of all files that the library asked for: what is shipped with it. */
function requested() {
  const entries = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name).pathname);
  const own = ['/bench/harness/', '/bench/adapters/', data];
  return [...new Set(entries)].filter((path) => !own.some((prefix) => path.startsWith(prefix)));
}

/** @type {Promise<ReturnType<typeof createSession>> | undefined} */
let session;

/** @param {string} peer */
async function start(peer) {
  const adapter = await import(`../adapters/${peer}.mjs`);
  return createSession(adapter.default, {
    buffer: async (path) => (await read(path)).arrayBuffer(),
    json: async (path) => (await read(path)).json(),
  });
}

self.onmessage = async ({ data: { id, peer, method, args } }) => {
  try {
    session ??= start(peer);
    /** @type {any} */
    const methods = { ...(await session), requested };
    const result = await methods[method](...args);
    const bytes = result?.payload instanceof Uint8Array ? [result.payload.buffer] : [];
    self.postMessage({ id, result }, bytes);
  } catch (error) {
    self.postMessage({ id, error: describeError(error) });
  }
};
