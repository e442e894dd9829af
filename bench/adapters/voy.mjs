/**
 * voy-search 0.6.3: a k-d tree in Rust, for 768 dimensions only (it cuts longer vectors). Its entry
 * is for bundlers with WASM imports; what that entry does is done here by hand.
 */
import * as glue from '../node_modules/voy-search/voy_search_bg.js';

/** Vectors handed over at a time. */
const batch = 1_000;

let memory;
let index;

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: '0.6.3',
  modes: ['k-d tree'],
  ways: { bytes: 'a string in memory' },

  grid: () => [{}],
  sweep: () => [{}],

  async load() {
    const response = fetch(
      new URL('../node_modules/voy-search/voy_search_bg.wasm', import.meta.url),
    );
    const imports = { './voy_search_bg.js': glue };
    const { instance } = await WebAssembly.instantiateStreaming(response, imports);
    glue.__wbg_set_wasm(instance.exports);
    memory = instance.exports.memory;
  },

  build(vectors, { dimensions, count }) {
    if (dimensions !== 768) throw new Error('voy holds vectors of 768 dimensions only.');
    index = new glue.Voy({ embeddings: [] });
    for (let first = 0; first < count; first += batch) {
      const embeddings = Array.from({ length: Math.min(batch, count - first) }, (_, i) => {
        const row = first + i;
        const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
        return { id: String(row), title: '', url: '', embeddings: Array.from(vector) };
      });
      index.add({ embeddings });
    }
  },

  configure() {},

  search: (query, k) => index.search(query, k),

  rows: ({ neighbors }) => neighbors.map(({ id }) => Number(id)),

  memoryBytes: () => memory.buffer.byteLength,

  async save() {
    const payload = index.serialize();
    return { bytes: payload.length, payload };
  },

  async open(_way, saved) {
    index = glue.Voy.deserialize(saved);
  },

  free: () => index.free(),
};
