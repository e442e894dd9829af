/** The fixed sets of the gate: small, made in a second or two, the same everywhere. */
import { clustered, toUnitLength } from '../data/clustered.mjs';
import { gaussian } from '../data/random.mjs';

export const count = 20_000;

export const queries = 500;

/**
 * @typedef {{ name: string, dimensions: number,
 *   make: () => Float32Array }} GateSet make: vectors, then queries
 */

/** @type {GateSet[]} */
export const sets = [
  {
    name: 'clustered 384',
    dimensions: 384,
    make: () => clustered(count + queries, 384, 2026).vectors,
  },
  { name: 'spread 100', dimensions: 100, make: () => spread(count + queries, 100, 2027) },
];

/**
 * Vectors without clusters whose components matter less and less, as those of word vectors along
 * their principal axes: hard for a graph, like GloVe.
 * @param {number} total
 * @param {number} dimensions
 * @param {number} seed
 */
function spread(total, dimensions, seed) {
  const next = gaussian(seed);
  const scale = Float64Array.from({ length: dimensions }, (_, d) => (d + 3) ** -0.75);
  const vectors = new Float32Array(total * dimensions);
  for (let row = 0; row < total; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    for (let d = 0; d < dimensions; d++) vector[d] = scale[d] * next();
    toUnitLength(vector);
  }
  return vectors;
}
