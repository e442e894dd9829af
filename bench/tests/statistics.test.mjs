import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyOf, lowestOf, percentile, recallOf } from '../harness/statistics.mjs';

test('a percentile of values that the timer tells apart is about that value', () => {
  const sorted = Float64Array.from({ length: 100 }, (_, i) => i + 1);
  assert.ok(Math.abs(percentile(sorted, 0.5, 0.001) - 51) < 0.01);
  assert.ok(Math.abs(percentile(sorted, 0.99, 0.001) - 100) < 0.01);
});

test('within a step of the timer a percentile lies by how many equal times are below it', () => {
  // 30 of 10, 40 of 15 and 30 of 20: the middle of all is the middle of the step around 15.
  const sorted = Float64Array.from({ length: 100 }, (_, i) => (i < 30 ? 10 : i < 70 ? 15 : 20));
  assert.equal(percentile(sorted, 0.5, 5), 15);
  assert.equal(percentile(sorted, 0.4, 5), 12.5 + 5 / 4);
});

test('a coarse timer and a fine one agree on the same times', () => {
  let state = 7;
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const starts = Float64Array.from({ length: 5_000 }, () => next() * 1_000);
  const lengths = starts.map(() => 0.04 + 0.03 * next());
  const step = 0.005;
  // A timer that only ever shows multiples of its step.
  const seen = lengths.map((length, i) => {
    const shown = (/** @type {number} */ time) => Math.floor(time / step) * step;
    return shown(starts[i] + length) - shown(starts[i]);
  });
  const [fine, coarse] = [latencyOf(lengths, 1e-9), latencyOf(seen, step)];
  assert.ok(Math.abs(fine.p50 - coarse.p50) < 0.0007, `${fine.p50} and ${coarse.p50}`);
  assert.ok(Math.abs(fine.mean - coarse.mean) < 0.0003);
});

test('recall counts ties as right, doubles once, and never more than can be found', () => {
  assert.equal(recallOf([1, 2], [1, 2, 3], 2), 1);
  assert.equal(recallOf([1, 3], [1, 2, 3], 2), 1);
  assert.equal(recallOf([1, 1], [1, 2, 3], 2), 0.5);
  assert.equal(recallOf([9, 8], [1, 2], 2), 0);
  assert.equal(recallOf([5], [5], 10), 1);
  assert.equal(recallOf([8, 9, 1, 2], [1, 2], 2), 0, 'what comes after the k-th is not counted');
});

test('of several passes each figure is the lowest', () => {
  const pass = { p50: 20, p95: 40, p99: 90, mean: 22, recall: 0.96 };
  const other = { p50: 21, p95: 38, p99: 50, mean: 23, recall: 0.96 };
  assert.deepEqual(lowestOf([pass, other]), { p50: 20, p95: 38, p99: 50, mean: 22, recall: 0.96 });
});
