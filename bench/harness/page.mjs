/** What the runner finds in the page: sessions in workers, and the embedding model. */
/* global Blob, Worker, btoa, window */
import { timerStep } from './statistics.mjs';

/** @type {Map<number, { worker: Worker, peer: string, failed: (error: Error) => void }>} */
const sessions = new Map();

/** What was saved stays in the page: megabytes do not travel to the runner and back. */
const payloads = new Map();

let lastId = 0;

window.bench = {
  /** @param {string} peer */
  start(peer) {
    const url = new URL('browser-worker.mjs', import.meta.url);
    const worker = new Worker(url, { type: 'module', name: peer });
    const id = ++lastId;
    sessions.set(id, { worker, peer, failed: () => {} });
    return id;
  },

  /**
   * @param {{ id: number, method: string, args: unknown[], payload?: number }} call payload: what
   * the session of this number saved, as the last argument
   */
  call({ id, method, args, payload }) {
    const session = sessions.get(id);
    if (!session) throw new Error(`There is no session ${id}.`);
    const { worker, peer } = session;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.error !== undefined) return reject(new Error(data.error));
        if (data.result?.payload !== undefined) {
          payloads.set(id, data.result.payload);
          delete data.result.payload;
        }
        resolve(data.result);
      };
      // A worker that dies of want of memory answers no call.
      worker.onerror = (event) => reject(new Error(event.message ?? `${peer}: the worker died`));
      const held = payload === undefined ? [] : [copyOf(payloads.get(payload))];
      worker.postMessage({ id, peer, method, args: [...args, ...held] });
    });
  },

  /** @param {number} id */
  stop(id) {
    sessions.get(id)?.worker.terminate();
    sessions.delete(id);
    payloads.delete(id);
  },

  /** @param {string[]} texts @returns {Promise<string>} floats as base64 */
  async embed(texts) {
    window.model ??= (await import('@akin/minilm')).minilm();
    const embeddings = await window.model.embed(texts, { purpose: 'document' });
    const vectors = embeddings.map((one) => one.vector ?? one);
    const bytes = await new Blob(vectors).arrayBuffer();
    let text = '';
    for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
    return btoa(text);
  },

  timerStep,
};

/** @param {unknown} payload */
function copyOf(payload) {
  return payload instanceof Uint8Array ? payload.slice() : payload;
}
