/** What is told of many measured times. */

/**
 * @typedef {object} Latency in milliseconds
 * @property {number} p50
 * @property {number} p95
 * @property {number} p99
 * @property {number} mean
 */

/**
 * @param {Float64Array} times
 * @returns {Latency}
 */
export function latencyOf(times) {
  const sorted = times.slice().sort();
  return {
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    mean: times.reduce((sum, time) => sum + time, 0) / times.length,
  };
}

/**
 * The smallest value that at least this share of all values does not exceed.
 * @param {Float64Array} sorted
 * @param {number} share
 */
export function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/**
 * The share of the answers that are right, of those that could be given.
 * @param {ArrayLike<number>} found
 * @param {number[]} truth the right answers, and those as near as the last of them
 * @param {number} k
 */
export function recallOf(found, truth, k) {
  const possible = Math.min(k, truth.length);
  if (possible === 0) return 1;
  const right = new Set(truth);
  const hits = new Set(Array.from(found).slice(0, k).filter((row) => right.has(row)));
  return Math.min(hits.size, possible) / possible;
}
