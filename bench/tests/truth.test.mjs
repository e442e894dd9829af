import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clustered } from '../data/clustered.mjs';
import { buildFilters, nearestSeeds } from '../data/filters.mjs';
import { exactNearest, nearestOf } from '../data/truth.mjs';

const shape = { dimensions: 16, k: 10 };

/** @param {Float32Array} array */
function shared(array) {
  const copy = new Float32Array(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** @param {Float32Array} all @param {number} row */
const rowOf = (all, row) => all.subarray(row * shape.dimensions, (row + 1) * shape.dimensions);

/** @param {Float32Array} a @param {Float32Array} b */
const dot = (a, b) => a.reduce((sum, value, d) => sum + value * b[d], 0);

test('the exact nearest are those of a naive scan', async () => {
  const { vectors } = clustered(530, shape.dimensions, 5);
  const [rows, queries] = [
    shared(vectors.subarray(0, 500 * 16)),
    shared(vectors.subarray(500 * 16)),
  ];
  const found = await exactNearest(rows, queries, shape);
  assert.equal(found.length, 30);
  found.forEach((nearest, query) => {
    const scores = Array.from({ length: 500 }, (_, row) =>
      dot(rowOf(rows, row), rowOf(queries, query)),
    );
    const naive = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, 10);
    assert.deepEqual(nearest.slice(0, 10), naive);
  });
});

test('rows as near as the last are right answers too', () => {
  const scores = Float32Array.of(0.5, 0.9, 0.5, 0.5, 0.1);
  assert.deepEqual(nearestOf(scores, 2), [1, 0, 2, 3]);
  assert.deepEqual(
    nearestOf(scores, 2, (row) => row !== 0),
    [1, 2, 3],
  );
  assert.deepEqual(nearestOf(scores, 9), [1, 0, 2, 3, 4]);
});

test('filters keep as many rows as they say, and never those they are against', () => {
  const { vectors, labels } = clustered(1_020, shape.dimensions, 6);
  const [rows, queries] = [vectors.subarray(0, 1_000 * 16), vectors.subarray(1_000 * 16)];
  const known = { rows: labels.subarray(0, 1_000), queries: labels.subarray(1_000) };
  const cases = buildFilters(rows, queries, shape, known);
  assert.equal(cases.length, 15);
  for (const { kind, matches, bits, truth } of cases) {
    const words = Math.ceil(1_000 / 32);
    for (let query = 0; query < 20; query++) {
      const at = bits.length === words ? 0 : query * words;
      const kept = Array.from({ length: 1_000 }, (_, row) => row).filter(
        (row) => ((bits[at + (row >> 5)] >>> (row & 31)) & 1) === 1,
      );
      assert.equal(kept.length, matches);
      assert.ok(truth[query].length >= Math.min(10, matches));
      assert.ok(truth[query].every((row) => kept.includes(row)));
      const score = (/** @type {number} */ row) => dot(rowOf(rows, row), rowOf(queries, query));
      if (kind === 'far' && matches < 1_000) {
        const nearestKept = Math.max(...kept.map(score));
        const dropped = Array.from({ length: 1_000 }, (_, row) => row).filter(
          (row) => !kept.includes(row),
        );
        assert.ok(Math.min(...dropped.map(score)) >= nearestKept - 1e-6);
      }
      if (kind === 'other')
        assert.ok(kept.every((row) => known.rows[row] !== known.queries[query]));
    }
  }
});

test('vectors without clusters belong to the nearest of 200 of them', () => {
  const { vectors } = clustered(700, shape.dimensions, 8);
  const labels = nearestSeeds(vectors.subarray(0, 600 * 16), vectors.subarray(600 * 16), 16);
  assert.equal(labels.length, 700);
  assert.equal(new Set(labels.subarray(0, 600)).size, 200);
});
