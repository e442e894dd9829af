/** Measures one set in a thread of its own: WASM memory belongs to a thread, and never shrinks. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadEngine } from '../../packages/engine/dist/node.js';
import plain from '../adapters/plain-js.mjs';
import { k } from '../data/sets.mjs';
import { latencyOf, recallOf, timerStep } from '../harness/statistics.mjs';

const { vectors, asked, truth, dimensions, recall: wanted, hint } = workerData;
const count = vectors.length / dimensions;
const passes = 5;

const engine = await loadEngine();
const index = engine.createIndex({ dimensions, ...(hint && { capacity: count }) });
index.add(vectors);
index.buildStep();

const memory = {
  buildEvaluations: index.evaluations / count,
  bytesPerVector: engine.memoryBytes / count,
};
parentPort?.postMessage(hint ? { ...memory, ...(await search()) } : memory);

async function search() {
  // The least efSearch that reaches the recall.
  let [low, high] = [1, 1_024];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pass(middle).recall >= wanted) high = middle;
    else low = middle + 1;
  }
  const { recall, evaluations } = pass(low);
  await plain.build(vectors, { dimensions, count, quick: false }, {});
  return {
    efSearch: low,
    recall,
    evaluations,
    latency: fastest((query) => index.search(query, { k, efSearch: low })),
    plain: fastest((query) => plain.search(query, k), 1, asked.slice(0, 200)),
  };
}

/** @param {number} efSearch */
function pass(efSearch) {
  const before = index.evaluations;
  let sum = 0;
  asked.forEach((/** @type {Float32Array} */ query, /** @type {number} */ i) => {
    sum += recallOf(index.search(query, { k, efSearch }).slots, truth[i], k);
  });
  const evaluations = (index.evaluations - before) / asked.length;
  return { recall: sum / asked.length, evaluations };
}

/**
 * @param {(query: Float32Array) => unknown} answer
 * @param {number} [wantedPasses]
 * @param {Float32Array[]} [chosen]
 */
function fastest(answer, wantedPasses = passes, chosen = asked) {
  const step = timerStep();
  const runs = Array.from({ length: wantedPasses }, () => {
    const times = Float64Array.from(chosen, (/** @type {Float32Array} */ query) => {
      const start = performance.now();
      answer(query);
      return performance.now() - start;
    });
    return latencyOf(times, step);
  });
  return runs.reduce((a, b) => (b.p50 < a.p50 ? b : a));
}
