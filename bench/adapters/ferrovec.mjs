/**
 * ferrovec 0.4.0: its crate from crates.io with its own `wasm` bindings, built here (see
 * ferrovec/build.mjs), because npm has no such package. `efSearch` is fixed when an index is
 * made: see fixed-ef.mjs.
 */
import init, { FerrovecCore } from '../.cache/ferrovec/ferrovec.js';
import { efValues, graphGrid } from './adapter.mjs';
import { FixedEf, placeholder } from './fixed-ef.mjs';

let memory;
let index;
/** @type {FixedEf} */
let fixedEf;

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: '0.4.0',
  modes: ['hnsw'],
  ways: { bytes: 'one array of bytes in memory' },

  grid: graphGrid,
  sweep: () => efValues.map((efSearch) => ({ efSearch })),

  async load() {
    memory = (await init()).memory;
  },

  build(vectors, { dimensions, count }, { m, efConstruction }) {
    index = FerrovecCore.withConfig(dimensions, m, efConstruction, placeholder, 'dot', 1);
    fixedEf = new FixedEf(() => memory.buffer, [Number(m), Number(efConstruction)]);
    for (let row = 0; row < count; row++) {
      index.insert(String(row), vectors.subarray(row * dimensions, (row + 1) * dimensions));
    }
  },

  configure(_mode, { efSearch }) {
    fixedEf.set(Number(efSearch));
  },

  search: (query, k) => index.search(query, k),

  rows: (found) => found.map(({ id }) => Number(id)),

  memoryBytes: () => memory.buffer.byteLength,

  async save() {
    const bytes = index.toBytes();
    return { bytes: bytes.length, payload: bytes };
  },

  async open(_way, saved) {
    index = FerrovecCore.fromBytes(saved);
  },

  free: () => index.free(),
};
