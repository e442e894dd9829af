/** What the runner finds in the page: an index, opened and filled as an app does it. */
/* global BroadcastChannel, Worker, navigator, window */
import { createVectorIndex } from '/packages/react/dist/core/index.js';
import { clustered } from '../data/clustered.mjs';
import { rowSizes, withoutSnapshots } from './raw-database.mjs';

const dimensions = 384;
const seed = 384;

/** @type {string[]} */
let passages = [];
/** @type {Float32Array} */
let vectors = new Float32Array(0);
/** @type {any} */
let index = null;

/** @param {number} n */
const vectorOf = (n) => vectors.slice(n * dimensions, (n + 1) * dimensions);

/** The vectors are made before: what is measured is storage. @type {any} */
const embedder = {
  id: 'made-before',
  dimensions,
  /** @param {string[]} texts */
  embed: async (texts) =>
    texts.map((text) => ({ vector: vectorOf(Number.parseInt(text, 10)), truncated: false })),
};

/** @param {number} n @param {boolean} [withVector] */
function documentOf(n, withVector = false) {
  return {
    id: `passage-${n}`,
    // No text twice: the second would be known already.
    text: `${n}: ${passages[n % passages.length]}`,
    metadata: { title: 'An address to the nation', paragraph: n % 100 },
    ...(withVector && { vector: vectorOf(n) }),
  };
}

/** @param {number} first @param {number} count @param {boolean} [withVector] */
const documents = (first, count, withVector) =>
  Array.from({ length: count }, (_, at) => documentOf(first + at, withVector));

/** @param {(status: any) => unknown} isSo */
const until = (isSo) =>
  new Promise((resolve) => {
    const look = () => isSo(index.status.get()) && (stop(), resolve(undefined));
    const stop = index.status.subscribe(look);
    look();
  });

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

window.storageBench = {
  /** @param {{ texts: string[], count: number }} given count: of vectors */
  prepare({ texts, count }) {
    passages = texts;
    vectors = clustered(count, dimensions, seed).vectors;
  },

  /** @param {{ name: string, durability?: string, isCounted?: boolean }} options */
  async open({ name, durability, isCounted }) {
    const createWorker = () => new Worker('counting-worker.mjs', { type: 'module', name });
    const startedAt = performance.now();
    index = createVectorIndex({
      name,
      embedder,
      ...(durability && { durability }),
      ...(isCounted && { createWorker }),
    });
    await index.ready();
    const readyMs = performance.now() - startedAt;
    const found = await index.search(vectorOf(0), { k: 10 });
    const firstMs = performance.now() - startedAt;
    const { documentCount, unindexedCount, memoryBytes } = index.status.get();
    return {
      readyMs,
      firstMs,
      hits: found.hits.length,
      documentCount,
      unindexedCount,
      memoryBytes,
    };
  },

  /**
   * One insert after the other, each of `batch` documents.
   * @param {{ first: number, count: number, batch: number, withVector?: boolean }} options
   */
  async insert({ first, count, batch, withVector }) {
    const batches = Array.from({ length: count / batch }, (_, at) =>
      documents(first + at * batch, batch, withVector),
    );
    const startedAt = performance.now();
    for (const one of batches) await index.insert(one);
    return performance.now() - startedAt;
  },

  /** Until the graph is complete. */
  async built() {
    const startedAt = performance.now();
    await until(({ unindexedCount }) => unindexedCount === 0);
    return performance.now() - startedAt;
  },

  /** Until the graph is complete and nothing was written for long enough that nothing will be. */
  async quiet() {
    await this.built();
    for (let last = -1, since = 0; since < 5; since++) {
      await sleep(1_000);
      const { bytes } = await this.written();
      if (bytes !== last) since = 0;
      last = bytes;
    }
  },

  /** What the counting worker has handed to the database so far. @returns {Promise<any>} */
  written() {
    return new Promise((resolve) => {
      const channel = new BroadcastChannel(`written ${index.name}`);
      channel.onmessage = ({ data }) => {
        if (data === 'ask') return;
        channel.close();
        resolve(data);
      };
      channel.postMessage('ask');
    });
  },

  optimize: () => index.optimize(),
  close: () => index.close(),
  destroy: () => index.destroy(),
  estimate: async () => (await navigator.storage.estimate()).usage ?? null,
  rowSizes,
  withoutSnapshots,
};
