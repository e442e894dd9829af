/** The exact nearest, by the vectors themselves: what recall is measured against. */
import { Worker } from 'node:worker_threads';
import { availableParallelism } from 'node:os';

/** Distances that differ by no more count as equal. */
export const tieTolerance = 1e-6;

/** Queries that one reading of the vectors serves. */
const block = 8;

/**
 * For each query the rows that are right answers: the `k` nearest, and those that are as near as
 * the last of them.
 * @param {Float32Array} vectors backed by shared memory, of unit length
 * @param {Float32Array} queries likewise
 * @param {{ dimensions: number, k: number }} shape
 * @returns {Promise<number[][]>} each nearest first
 */
export async function exactNearest(vectors, queries, { dimensions, k }) {
  const count = queries.length / dimensions;
  const threads = Math.min(availableParallelism(), 4);
  const share = Math.ceil(count / threads / block) * block;
  const parts = [];
  for (let first = 0; first < count; first += share) {
    const workerData = { vectors, queries, dimensions, k, first, last: first + share };
    const worker = new Worker(new URL('truth-worker.mjs', import.meta.url), { workerData });
    parts.push(
      new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
    );
  }
  return (await Promise.all(parts)).flat();
}

/**
 * The similarities of some queries with all vectors.
 * @param {Float32Array} vectors
 * @param {Float32Array} queries
 * @param {number} dimensions
 * @param {number} first a query
 * @param {number} size up to {@link block} of them
 * @returns {Float32Array[]} one array a query
 */
export function similarities(vectors, queries, dimensions, first, size) {
  const rows = vectors.length / dimensions;
  // Eight at a time are read from eight registers: a vector is fetched once for all of them.
  const q = Array.from({ length: 8 }, (_, i) => {
    const at = first + Math.min(i, size - 1);
    return Float64Array.from(queries.subarray(at * dimensions, (at + 1) * dimensions));
  });
  const [q0, q1, q2, q3, q4, q5, q6, q7] = q;
  const result = Array.from({ length: 8 }, () => new Float32Array(rows));
  const [r0, r1, r2, r3, r4, r5, r6, r7] = result;
  for (let row = 0, at = 0; row < rows; row++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    for (let d = 0; d < dimensions; d++, at++) {
      const v = vectors[at];
      s0 += q0[d] * v;
      s1 += q1[d] * v;
      s2 += q2[d] * v;
      s3 += q3[d] * v;
      s4 += q4[d] * v;
      s5 += q5[d] * v;
      s6 += q6[d] * v;
      s7 += q7[d] * v;
    }
    r0[row] = s0;
    r1[row] = s1;
    r2[row] = s2;
    r3[row] = s3;
    r4[row] = s4;
    r5[row] = s5;
    r6[row] = s6;
    r7[row] = s7;
  }
  return result.slice(0, size);
}

/**
 * @param {Float32Array} scores
 * @param {number} k
 * @param {(row: number) => boolean} [matches]
 * @returns {number[]} nearest first, with those as near as the last
 */
export function nearestOf(scores, k, matches) {
  /** @type {number[]} */
  const best = [];
  for (let row = 0; row < scores.length; row++) {
    if (best.length === k && scores[row] <= scores[best[k - 1]]) continue;
    if (matches && !matches(row)) continue;
    let at = best.length;
    while (at > 0 && scores[row] > scores[best[at - 1]]) at--;
    best.splice(at, 0, row);
    if (best.length > k) best.pop();
  }
  if (best.length < k || k === 0) return best;
  const limit = scores[best[k - 1]] - tieTolerance;
  const nearest = new Set(best);
  for (let row = 0; row < scores.length; row++) {
    if (scores[row] >= limit && (!matches || matches(row))) nearest.add(row);
  }
  return [...nearest];
}

export { block };
