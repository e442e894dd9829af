import { expect, test } from 'vitest';
import { BUCKET_ENDS_MS, latencyOf } from '../../src/devtools/latency.ts';

test('percentiles are measured values, whatever the order', () => {
  const samples = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(latencyOf(samples)).toMatchObject({ count: 100, medianMs: 50, p95Ms: 95 });
  expect(latencyOf([7])).toMatchObject({ count: 1, medianMs: 7, p95Ms: 7 });
  expect(latencyOf([])).toMatchObject({ count: 0, medianMs: null, p95Ms: null });
});

test('every sample is in one bucket, which begins with the end of the last', () => {
  const { buckets } = latencyOf([0, 0.99, 1, 4.9, 5, 499, 500, 9_000]);
  expect(buckets).toEqual([2, 1, 1, 1, 0, 0, 0, 0, 1, 2]);
  expect(buckets).toHaveLength(BUCKET_ENDS_MS.length + 1);
});
