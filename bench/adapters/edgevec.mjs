/**
 * EdgeVec 0.9.0: its HNSW, and on the same index its binary codes (BQ) with rescoring.
 *
 * - `l2`, because on npm `cosine` and `dot` rank backwards; on unit vectors it orders the same.
 * - BQ has to be switched on after the index is made, and wants dimensions in multiples of 8: others
 *   are padded with zeros, which changes no distance.
 * - `efSearch` is fixed when an index is made: see fixed-ef.mjs.
 */
import init, { EdgeVec, EdgeVecConfig } from '../node_modules/edgevec/edgevec.js';
import { efValues, graphGrid } from './adapter.mjs';
import { FixedEf, placeholder } from './fixed-ef.mjs';

const database = 'edgevec-bench';

/** Vectors handed over at a time. */
const batch = 1_000;

let memory;
let index;
let firstId = 0;
/** @type {FixedEf} */
let fixedEf;
let mode = 'hnsw';
let rescore = 1;

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: '0.9.0',
  modes: ['hnsw', 'bq + rescore'],
  ways: { indexeddb: 'its own `save` and `load`, IndexedDB' },

  grid: graphGrid,

  sweep: (asked) =>
    asked === 'hnsw'
      ? efValues.map((efSearch) => ({ efSearch }))
      : [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64, 100].map((factor) => ({ factor })),

  async load() {
    memory = (await init()).memory;
  },

  build(vectors, { dimensions, count }, { m, efConstruction }) {
    const config = new EdgeVecConfig(paddedTo(dimensions));
    config.metric = 'l2';
    config.m = Number(m);
    config.m0 = Number(m) * 2;
    config.ef_construction = Number(efConstruction);
    config.ef_search = placeholder;
    index = new EdgeVec(config);
    fixedEf = new FixedEf(() => memory.buffer, [Number(m), Number(m) * 2, Number(efConstruction)]);
    for (let first = 0; first < count; first += batch) {
      const size = Math.min(batch, count - first);
      const rows = vectors.subarray(first * dimensions, (first + size) * dimensions);
      const ids = index.insertBatchFlat(padded(rows, dimensions, size), size);
      if (first === 0) firstId = ids[0];
      if (ids[size - 1] !== firstId + first + size - 1) throw new Error('Ids are not in order.');
    }
  },

  configure(asked, { efSearch, factor }) {
    mode = asked;
    if (mode === 'hnsw') fixedEf.set(Number(efSearch));
    else {
      if (!index.hasBQ()) index.enableBQ();
      rescore = Number(factor);
      // It keeps the larger of efSearch and k times the factor: so the factor decides.
      fixedEf.set(10);
    }
  },

  asQuery: (query) => padded(query, query.length, 1),

  search: (query, k) =>
    mode === 'hnsw' ? index.search(query, k) : index.searchBQRescored(query, k, rescore),

  rows: (found) => found.map(({ id }) => id - firstId),

  memoryBytes: () => memory.buffer.byteLength,

  async save() {
    await index.save(database);
    return { bytes: NaN, payload: database };
  },

  async open(_way, saved) {
    index = await EdgeVec.load(saved);
  },

  free: () => index.free(),
};

/** @param {number} dimensions */
function paddedTo(dimensions) {
  return Math.ceil(dimensions / 8) * 8;
}

/** @param {Float32Array} rows @param {number} dimensions @param {number} count */
function padded(rows, dimensions, count) {
  const width = paddedTo(dimensions);
  if (dimensions === width) return rows;
  const wide = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    wide.set(rows.subarray(row * dimensions, (row + 1) * dimensions), row * width);
  }
  return wide;
}
