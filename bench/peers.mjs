/** What is compared, in the order of the tables. */
import { createRequire } from 'node:module';
import { ensureFerrovec } from './ferrovec/build.mjs';

/**
 * @typedef {object} Peer
 * @property {string} name also of its file in `adapters/`
 * @property {string} title
 * @property {'browser' | 'native'} where
 * @property {boolean} [graph] whether it searches by a graph, so that its build is compared
 * @property {string} [note] for the report
 * @property {(set: import('./data/sets.mjs').DataSet) => string | undefined} [whyNot] why it sits a
 *   set out
 * @property {(log: (text: string) => void) => Promise<string | undefined>} [ensure] makes what npm
 *   does not bring, or says why it cannot
 */

/** @type {Peer[]} */
export const peers = [
  {
    name: 'akin',
    title: 'Akin',
    where: 'browser',
    graph: true,
  },
  {
    name: 'edgevec',
    title: 'EdgeVec',
    where: 'browser',
    graph: true,
    note:
      'Run with `l2` on unit vectors, because on npm its `cosine` and `dot` rank backwards. Its ' +
      '`efSearch` is fixed at construction; the bench changes it in WASM memory, where a user would ' +
      'build again. Its binary codes (BQ) are switched on by `enableBQ`, want dimensions in ' +
      'multiples of 8 (100 are padded to 104 for both modes) and are swept over the rescore factor ' +
      'with `efSearch` at its least, so that the factor decides.',
  },
  {
    name: 'hnswlib-wasm',
    title: 'hnswlib-wasm',
    where: 'browser',
    graph: true,
    note: 'Inner product on unit vectors. It tells no size of what it saves.',
  },
  {
    name: 'ferrovec',
    title: 'ferrovec',
    where: 'browser',
    graph: true,
    ensure: ensureFerrovec,
    note:
      'The crate from crates.io with its own `wasm` bindings, built here with `simd128` at opt-level ' +
      '3. Its `efSearch` is fixed at construction too, and changed likewise.',
  },
  {
    name: 'voy',
    title: 'voy',
    where: 'browser',
    note: 'A k-d tree, exact, for 768 dimensions only.',
    whyNot: ({ dimensions }) =>
      dimensions === 768 ? undefined : `voy holds vectors of 768 dimensions, not ${dimensions}`,
  },
  {
    name: 'pglite',
    title: 'PGlite + pgvector',
    where: 'browser',
    graph: true,
    note: 'Its database in memory. A query is SQL, its text made ready before the clock starts.',
    whyNot: ({ name }) => (name === 'syn384' ? undefined : 'PGlite is run on syn384 only'),
  },
  {
    name: 'plain-js',
    title: 'plain JavaScript',
    where: 'browser',
    note: 'A scan over one Float32Array, unrolled, with a heap of the best ten. Exact.',
  },
  {
    name: 'hnswlib-node',
    title: 'hnswlib-node (native)',
    where: 'native',
    graph: true,
    ensure: async () => {
      try {
        createRequire(import.meta.url)('hnswlib-node');
        return undefined;
      } catch (error) {
        const [reason] = String(error).split('\n');
        return `hnswlib-node is not here, because it was not compiled. ${reason}`;
      }
    },
    note:
      'Native code under Node on one thread, compiled as npm compiles it (on x86-64 with SSE, not ' +
      'AVX). Its memory is what it writes to a file, which leaves out its locks.',
  },
];
