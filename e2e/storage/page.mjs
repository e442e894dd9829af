/**
 * The page that is killed, starved and put to sleep: an index, and what the suites ask of it. Options
 * come in the address.
 */
import { createVectorIndex } from '../../packages/react/dist/core/index.js';
import { createRandom, defaultDimensions, names, operationOf, vectorOf } from './operations.mjs';

/* global window, location, localStorage, crypto, Worker */

const { searchParams } = new URL(location.href);
const dimensions = Number(searchParams.get('dimensions') ?? defaultDimensions);
// The same at each visit.
const encryption = searchParams.get('isEncrypted') === 'true' && {
  key: await crypto.subtle.importKey('raw', new Uint8Array(32).fill(7), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]),
};
const worker = new URL('../../packages/react/dist/worker/entry.js', import.meta.url);
/** @type {Worker | undefined} */
let current;
const index = createVectorIndex({
  name: searchParams.get('name') ?? 'storage',
  dimensions,
  ...(encryption && { encryption }),
  createWorker() {
    page.workers++;
    return (current = new Worker(worker, { type: 'module' }));
  },
});

/** @param {string} id @param {number} number */
const vectorFor = (id, number) => vectorOf(id, number, dimensions);

/** 2 KB that no database compresses. @param {number} number */
function noise(number) {
  const random = createRandom(number);
  return Array.from({ length: 2_000 }, () => String.fromCharCode(33 + random(90))).join('');
}

/** @param {number} seed @param {number} number */
async function perform(seed, number) {
  const operation = operationOf(seed, number);
  if (operation.kind === 'optimize') await index.optimize();
  else if (operation.kind === 'remove') await index.remove(operation.ids);
  else {
    await index.insert(
      operation.ids.map((id) => ({
        id,
        text: `${id} of operation ${number}`,
        vector: vectorFor(id, number),
        metadata: { number },
      })),
    );
  }
}

const page = {
  index,
  /** @type {string | null} */
  failure: null,

  /**
   * Does operation after operation, for ever, and tells the server of each that was acknowledged
   * before it begins the next: the server's list survives whatever happens here.
   * @param {{ seed: number, first: number }} from
   */
  run({ seed, first }) {
    (async () => {
      for (let number = first; ; number++) {
        await perform(seed, number);
        await fetch(`/ack/${number}`, { method: 'HEAD' });
      }
    })().catch((error) => {
      page.failure = String(error);
    });
  },

  workers: 0,
  isRestored: false,
  /** @type {Promise<unknown>} */
  operations: Promise.resolve(),
  begun: 0,
  settled: 0,
  /** @type {Record<string, number>} */
  refused: {},
  isChurning: false,
  /** @type {Promise<void>[]} */
  lines: [],

  /** Whatever comes, until it is stopped: inserts, removals and searches, several at a time. */
  churn(/** @type {number} */ seed) {
    const random = createRandom(seed);
    page.isChurning = true;
    const one = async () => {
      const id = `d${random(names)}`;
      const number = random(1_000);
      const kind = random(6);
      page.begun++;
      try {
        if (kind === 0) await index.remove([id, `d${random(names)}`]);
        else if (kind === 1) await index.search(vectorFor(id, number), { k: 5 });
        else if (kind === 2) await index.get(id);
        else {
          const vector = vectorFor(id, number);
          const text = `${id} of operation ${number}`;
          await index.insert({ id, text, vector, metadata: { number } });
        }
      } catch (error) {
        const { code = 'unknown' } = /** @type {{ code?: string }} */ (error);
        page.refused[code] = (page.refused[code] ?? 0) + 1;
      } finally {
        page.settled++;
      }
    };
    const line = async () => {
      while (page.isChurning) {
        await one();
        await new Promise((resolve) => setTimeout(resolve, random(20)));
      }
    };
    page.lines = [line(), line(), line()];
  },

  /** Resolves when nothing is under way any more, or after ten seconds. */
  async stop() {
    page.isChurning = false;
    const patience = new Promise((resolve) => setTimeout(resolve, 10_000));
    await Promise.race([Promise.all(page.lines), patience]);
  },

  progress() {
    const { failure, begun, settled, refused } = page;
    return { failure, begun, settled, refused };
  },

  /** What this tab can find, not what the rows say. */
  async replica() {
    const { hits, searched } = await index.search(new Float32Array(dimensions).fill(0.5), {
      k: names * 2,
    });
    return { searched, ids: hits.map(({ id }) => id).sort() };
  },

  killWorker() {
    current?.terminate();
  },

  /** Which operation wrote each document, as the rows say it. */
  async documents() {
    /** @type {[string, number][]} */
    const found = [];
    for (let after; ;) {
      const documents = await index.list({ limit: 1_000, ...(after && { after }) });
      for (const { id, text, metadata } of documents) {
        if (text !== `${id} of operation ${metadata.number}`) throw new Error(`${id}: ${text}`);
        found.push([id, Number(metadata.number)]);
      }
      after = documents.at(-1)?.id;
      if (documents.length < 1_000) return found;
    }
  },

  /** What the index says of itself, and the browser of what it stores. */
  async status() {
    return JSON.stringify([
      index.status.get(),
      await window.indexedDB.databases(),
      { ...localStorage },
    ]);
  },

  /** Documents that a search for their own vector does not find first. */
  async lost() {
    const lost = [];
    for (const [id, number] of await page.documents()) {
      const { hits } = await index.search(vectorFor(id, number), { k: 1, exact: true });
      if (hits[0]?.id !== id) lost.push(id);
    }
    return lost;
  },

  /** Inserts many documents of an ordinary size. @param {{ count: number }} options */
  async load({ count }) {
    const text = 'lorem ipsum '.repeat(22);
    const documents = Array.from({ length: count }, (_, number) => {
      const id = `d${number}`;
      return { id, text: `${id} ${text}`, vector: vectorFor(id, 1), metadata: { number } };
    });
    await index.insert(documents);
  },

  /** From the first touch to the first result. @param {number} number of a document that `load` made */
  async openAndSearch(number) {
    const startedAt = performance.now();
    await index.ready();
    const openMs = performance.now() - startedAt;
    const id = `d${number}`;
    const { hits, searched } = await index.search(vectorFor(id, 1), { k: 1 });
    const searchMs = performance.now() - startedAt;
    return { openMs, searchMs, searched, isFound: hits[0]?.id === id };
  },

  /**
   * Inserts documents with 2 KB of text each, from `first` on, until there are so many or one batch is
   * refused.
   * @param {{ first: number, count: number }} options
   */
  async fill({ first, count }) {
    let acknowledged = first;
    for (; acknowledged < first + count; acknowledged += 64) {
      const startedAt = performance.now();
      try {
        await index.insert(
          Array.from({ length: 64 }, (_, at) => {
            const number = acknowledged + at;
            const text = `document ${number} ${noise(number)}`;
            return { id: `f${number}`, text, vector: vectorFor(`d${number}`, 1) };
          }),
        );
      } catch (error) {
        const { code } = /** @type {{ code?: string }} */ (error);
        return { acknowledged, code, ms: performance.now() - startedAt, storage: page.storage() };
      }
    }
    return { acknowledged, code: null, ms: 0, storage: page.storage() };
  },

  storage: () => ({ ...index.status.get().storage }),

  /** What `fill` stored and a search finds: `true` when it is all that was acknowledged. */
  async isComplete(/** @type {number} */ acknowledged) {
    const last = `d${acknowledged - 1}`;
    const { hits, searched } = await index.search(vectorFor(last, 1), { k: 1 });
    // Of a batch that was refused nothing is there.
    return searched === acknowledged && hits[0]?.id === `f${acknowledged - 1}`;
  },

  life: () => ({ workers: page.workers, isRestored: page.isRestored }),
  /** What became of the write that was under way when the page was left. */
  pendingInsert: () =>
    page.operations.then(
      () => null,
      (/** @type {any} */ error) => error.code,
    ),
  count: () => index.count(),
  ready: () =>
    index.ready().then(
      () => null,
      (/** @type {any} */ error) => error.code,
    ),
  state: () => ({ state: index.status.get().state, code: index.status.get().error?.code ?? null }),
  optimize: () => index.optimize(),
  destroy: () => index.destroy(),
  verify: () => index.verify(),
};

window.addEventListener('pageshow', ({ persisted }) => {
  page.isRestored = persisted;
});
Object.assign(window, { page });
