/**
 * hnswlib-node 3.0.0: hnswlib as native code under Node, on one thread. The ceiling: no browser can
 * run it. Compiled as npm compiles it, for any x86-64 (SSE) or whatever the machine is.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { efValues, graphGrid } from './adapter.mjs';

let library;
let index;
let folder = '';

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: '3.0.0',
  modes: ['hnsw'],
  ways: { file: 'a file' },

  grid: graphGrid,
  sweep: () => efValues.map((efSearch) => ({ efSearch })),

  async load() {
    library = createRequire(import.meta.url)('hnswlib-node');
  },

  build(vectors, { dimensions, count }, { m, efConstruction }) {
    index = new library.HierarchicalNSW('ip', dimensions);
    index.initIndex(count, m, efConstruction, 100);
    for (let row = 0; row < count; row++) {
      // It takes arrays of numbers only.
      index.addPoint(Array.from(vectors.subarray(row * dimensions, (row + 1) * dimensions)), row);
    }
  },

  configure(_mode, { efSearch }) {
    index.setEf(efSearch);
  },

  asQuery: (query) => Array.from(query),

  search: (query, k) => index.searchKnn(query, k),

  rows: ({ neighbors }) => neighbors,

  // It writes what it holds but for its locks, 40 bytes a vector. The memory of the process tells
  // less: arrays of numbers come and go in it meanwhile.
  memoryBytes: () => write().bytes,

  save: async () => write(),

  async open(_way, saved, { dimensions }) {
    index = new library.HierarchicalNSW('ip', dimensions);
    index.readIndexSync(saved);
    index.setEf(64);
  },

  free() {
    index = undefined;
  },
};

function write() {
  if (!folder) {
    folder = mkdtempSync(join(tmpdir(), 'akin-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  const payload = join(folder, 'index.dat');
  index.writeIndexSync(payload);
  return { bytes: statSync(payload).size, payload };
}
