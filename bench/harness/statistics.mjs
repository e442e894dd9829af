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
 * @param {number} step of the timer: what it cannot tell apart
 * @returns {Latency}
 */
export function latencyOf(times, step) {
  const sorted = times.slice().sort();
  return {
    p50: percentile(sorted, 0.5, step),
    p95: percentile(sorted, 0.95, step),
    p99: percentile(sorted, 0.99, step),
    mean: times.reduce((sum, time) => sum + time, 0) / times.length,
  };
}

/**
 * A percentile of grouped values: a browser's timer counts in steps, so a time `t` stands for all
 * from half a step below to half a step above, and the percentile lies between these bounds by how
 * many of the equal times are below it.
 * @param {Float64Array} sorted
 * @param {number} share
 * @param {number} step
 */
export function percentile(sorted, share, step) {
  const rank = share * sorted.length;
  const value = sorted[Math.min(sorted.length - 1, Math.floor(rank))];
  /** @param {number} time */
  const group = (time) => Math.round(time / step);
  const own = group(value);
  let [below, equal] = [0, 0];
  for (const time of sorted) {
    if (group(time) < own) below++;
    else if (group(time) === own) equal++;
    else break;
  }
  return Math.max(0, (own - 0.5 + (rank - below) / equal) * step);
}

/**
 * What is the same in all passes, and of each figure of the latency the lowest: a pass over a small
 * set takes 10 ms, and one pause of the machine decides its p99.
 * @template {Latency} Pass
 * @param {Pass[]} passes one or more
 * @returns {Pass}
 */
export function lowestOf(passes) {
  const lowest = (/** @type {keyof Latency} */ figure) =>
    Math.min(...passes.map((pass) => pass[figure]));
  const [p50, p95, p99, mean] = [lowest('p50'), lowest('p95'), lowest('p99'), lowest('mean')];
  return { ...passes[0], p50, p95, p99, mean };
}

/** The least that this thread's timer tells apart, in milliseconds. */
export function timerStep() {
  let least = Infinity;
  const end = performance.now() + 20;
  for (let last = performance.now(); last < end;) {
    const now = performance.now();
    if (now > last) least = Math.min(least, now - last);
    last = now;
  }
  return least;
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
  const hits = new Set(
    Array.from(found)
      .slice(0, k)
      .filter((row) => right.has(row)),
  );
  return Math.min(hits.size, possible) / possible;
}
