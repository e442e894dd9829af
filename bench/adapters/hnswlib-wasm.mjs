/** hnswlib-wasm 0.8.2: hnswlib (C++), by Emscripten. */
import { loadHnswlib, syncFileSystem } from '../node_modules/hnswlib-wasm/dist/hnswlib.js';
import { efValues, graphGrid } from './adapter.mjs';

const file = 'bench.dat';

/** Vectors handed over at a time. */
const batch = 1_000;

let library;
let index;

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: '0.8.2',
  modes: ['hnsw'],
  ways: { indexeddb: 'its own file in Emscripten’s IDBFS, IndexedDB' },

  grid: graphGrid,
  sweep: () => efValues.map((efSearch) => ({ efSearch })),

  async load() {
    library = await loadHnswlib();
  },

  build(vectors, { dimensions, count }, { m, efConstruction }) {
    // On unit vectors the inner product orders as the cosine does, without its divisions.
    index = new library.HierarchicalNSW('ip', dimensions, '');
    index.initIndex(count, m, efConstruction, 100);
    for (let first = 0; first < count; first += batch) {
      const labels = Array.from({ length: Math.min(batch, count - first) }, (_, i) => first + i);
      const rows = labels.map((row) => vectors.subarray(row * dimensions, (row + 1) * dimensions));
      index.addPoints(rows, labels, false);
    }
  },

  configure(_mode, { efSearch }) {
    index.setEfSearch(efSearch);
  },

  search: (query, k) => index.searchKnn(query, k, undefined),

  rows: ({ neighbors }) => neighbors,

  memoryBytes: () => library.HEAPU8.buffer.byteLength,

  async save() {
    await index.writeIndex(file);
    await syncFileSystem('write');
    return { bytes: NaN, payload: file };
  },

  async open(_way, saved, { dimensions, count }) {
    await syncFileSystem('read');
    index = new library.HierarchicalNSW('ip', dimensions, '');
    await index.readIndex(saved, count);
    index.setEfSearch(64);
  },

  free: () => index.delete(),
};
