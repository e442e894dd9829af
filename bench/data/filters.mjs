/**
 * Filters of all selectivities, and what is right under them.
 *
 * - `random`: rows drawn at random, the same for all queries.
 * - `other`: whole clusters that the query does not belong to, drawn anew for each query: what a user
 *   does who looks for one topic inside others.
 * - `far`: for each query the rows farthest from it. No graph leads there: the worst case. Of many
 *   rows the answers are those at the edge, where vectors are dense and nearly tied: there even a
 *   scan over rounded vectors (8 bits a component) cannot tell all of them apart.
 */
import { block, nearestOf, similarities } from './truth.mjs';
import { shuffle, uniform } from './random.mjs';

export const shares = [0.5, 0.1, 0.01, 0.001, 0.0001];

/** How many queries are filtered. */
export const filteredQueries = 200;

/**
 * @typedef {object} FilterCase
 * @property {'random' | 'far' | 'other'} kind
 * @property {number} share of the rows that match
 * @property {number} matches rows
 * @property {Uint32Array} bits one bitmap, or one for each query
 * @property {number[][]} truth for each query
 */

/**
 * @param {Float32Array} vectors
 * @param {Float32Array} queries those that are filtered
 * @param {{ dimensions: number, k: number }} shape
 * @param {{ rows: Uint16Array, queries: Uint16Array }} labels clusters
 * @returns {FilterCase[]}
 */
export function buildFilters(vectors, queries, { dimensions, k }, labels) {
  const rows = vectors.length / dimensions;
  const count = queries.length / dimensions;
  const words = Math.ceil(rows / 32);
  /** @type {FilterCase[]} */
  const cases = [];
  for (const share of shares) {
    const matches = Math.max(1, Math.round(share * rows));
    const random = new Uint32Array(words);
    for (const row of shuffle(
      Array.from({ length: rows }, (_, row) => row),
      71,
    ).slice(0, matches)) {
      mark(random, row);
    }
    cases.push({ kind: 'random', share, matches, bits: random, truth: [] });
    const bits = () => new Uint32Array(words * count);
    cases.push({ kind: 'far', share, matches, bits: bits(), truth: [] });
    cases.push({ kind: 'other', share, matches, bits: bits(), truth: [] });
  }
  for (let first = 0; first < count; first += block) {
    const size = Math.min(block, count - first);
    const scores = similarities(vectors, queries, dimensions, first, size);
    scores.forEach((list, i) => {
      const query = first + i;
      const farthest = Uint32Array.from(list.keys()).sort((a, b) => list[a] - list[b]);
      const others = rowsOfOthers(labels.rows, labels.queries[query], query);
      for (const one of cases) {
        const shared = one.bits.length === words;
        const bitmap = shared ? one.bits : one.bits.subarray(query * words, (query + 1) * words);
        if (!shared) {
          const order = one.kind === 'far' ? farthest : others;
          for (let at = 0; at < one.matches; at++) mark(bitmap, order[at]);
        }
        one.truth.push(nearestOf(list, k, (row) => ((bitmap[row >> 5] >>> (row & 31)) & 1) === 1));
      }
    });
  }
  return cases;
}

/** @param {Uint32Array} bitmap @param {number} row */
function mark(bitmap, row) {
  bitmap[row >> 5] |= 1 << (row & 31);
}

/**
 * Rows cluster by cluster, in an order of its own for each query, its own cluster last.
 * @param {Uint16Array} labels
 * @param {number} own
 * @param {number} query
 */
function rowsOfOthers(labels, own, query) {
  const clusters = 1 + labels.reduce((most, label) => Math.max(most, label), 0);
  const next = uniform(1_000 + query);
  const rank = Float64Array.from({ length: clusters }, (_, label) => (label === own ? 2 : next()));
  return Uint32Array.from(labels.keys()).sort((a, b) => rank[labels[a]] - rank[labels[b]] || a - b);
}

/**
 * Clusters for vectors that come without: each belongs to the nearest of 200 of them.
 * @param {Float32Array} vectors
 * @param {Float32Array} queries
 * @param {number} dimensions
 * @returns {Uint16Array} of the vectors, then of the queries
 */
export function nearestSeeds(vectors, queries, dimensions) {
  const seeds = 200;
  const rows = vectors.length / dimensions;
  const chosen = shuffle(
    Array.from({ length: rows }, (_, row) => row),
    72,
  ).slice(0, seeds);
  const [vectorLabels, queryLabels] = [vectors, queries].map((all) => {
    const labels = new Uint16Array(all.length / dimensions);
    const best = new Float32Array(labels.length).fill(-Infinity);
    for (let first = 0; first < seeds; first += block) {
      const some = new Float32Array(block * dimensions);
      for (let i = 0; i < block; i++) {
        const row = chosen[first + i];
        some.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
      }
      similarities(all, some, dimensions, 0, block).forEach((scores, i) => {
        scores.forEach((score, row) => {
          if (score <= best[row]) return;
          best[row] = score;
          labels[row] = first + i;
        });
      });
    }
    return labels;
  });
  const joined = new Uint16Array(vectorLabels.length + queryLabels.length);
  joined.set(vectorLabels);
  joined.set(queryLabels, vectorLabels.length);
  return joined;
}
