/** Akin's own engine, as `@akin/engine` ships it. */
/* global Worker */
import { loadEngine } from '../../packages/engine/dist/browser.js';
import { FEW, efValues, fewLinks } from './adapter.mjs';
import { readArrays, writeArrays } from './idb-blobs.mjs';

const database = 'akin-bench';

let engine;
let index;
/** @type {{ k: number, efSearch?: number }} */
let options = { k: 10 };

/**
 * @param {Float32Array} vectors
 * @param {{ dimensions: number, count: number }} set
 * @param {import('./adapter.mjs').Params} params
 */
function add(vectors, { dimensions, count }, { capacity = true, ...build }) {
  index = engine.createIndex({ dimensions, ...build, ...(capacity && { capacity: count }) });
  const slots = index.add(vectors);
  if (slots[0] !== 0 || slots[count - 1] !== count - 1) throw new Error('Slots are not rows.');
}

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: 'this commit',
  modes: ['index'],
  ways: {
    bytes: 'one array of bytes in memory',
    indexeddb: 'IndexedDB, in chunks, Blobs of 16 MiB',
  },

  grid({ count, quick }) {
    // The first is what a user gets who says nothing: without a graph, while vectors are few.
    const defaults = {};
    // More (24/128) searches up to a tenth faster and builds twice as long: nobody would.
    const graphs = [
      { m: 16, efConstruction: 64 },
      { m: 12, efConstruction: 40 },
      ...(count <= FEW ? fewLinks : []),
    ];
    const few = count <= 10_000 ? { exactBelow: 0 } : {};
    return [defaults, ...graphs.map((build) => ({ ...build, ...few }))].slice(
      0,
      quick ? 2 : undefined,
    );
  },

  sweep(_mode, _set, build) {
    // Without a graph every search is exact, and no setting changes it.
    if (index.pending === index.size) return [{}];
    const isDefault = build.m === undefined;
    return [...(isDefault ? [{}] : []), ...efValues.map((efSearch) => ({ efSearch }))];
  },

  async load() {
    engine = await loadEngine();
  },

  build(vectors, set, params) {
    add(vectors, set, params);
    index.buildStep();
  },

  // Starting the second worker is a part of it.
  async buildOnTwoWorkers(vectors, set, params) {
    const mirror = new Worker(new URL('./akin-mirror.mjs', import.meta.url), { type: 'module' });
    try {
      add(vectors, set, params);
      const { lost } = await index.buildTogether(mirror);
      if (lost) throw lost;
    } finally {
      mirror.terminate();
    }
  },

  capacityHint: true,

  configure(_mode, { efSearch }) {
    options = { k: 10, ...(efSearch !== undefined && { efSearch: Number(efSearch) }) };
  },

  search: (query) => index.search(query, options),

  searchFiltered: (query, _k, filter, exact = false) =>
    index.search(query, { ...options, filter, exact }),

  rows: ({ slots }) => slots,

  memoryBytes: () => engine.memoryBytes,

  evaluations: () => index.evaluations,

  async save(way) {
    if (way === 'bytes') {
      const bytes = index.snapshot();
      return { bytes: bytes.length, payload: bytes };
    }
    const { manifest, chunks } = index.snapshotChanges();
    function* arrays() {
      yield manifest;
      for (const chunk of chunks) yield chunk.read();
    }
    await writeArrays(database, arrays());
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, manifest.length);
    return { bytes, payload: database };
  },

  async open(way, saved) {
    if (way === 'bytes') {
      index = engine.openIndex(saved);
      return;
    }
    let opening;
    for await (const array of readArrays(saved)) {
      if (opening) opening.put(array);
      else opening = engine.beginOpen(array);
    }
    index = opening.finish();
  },

  free: () => index.free(),
};
