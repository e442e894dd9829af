import { expect, test } from 'vitest';
import { createVectorIndex } from '@akin/react/core';
import { numberedVector, uniqueName } from './test-index.ts';

const COUNT = 10_000;
const DIMENSIONS = 384;

test('10,000 documents load well within a second, whatever batches they came in', async () => {
  const name = uniqueName();
  // The built package: a development server takes its time over a worker's modules.
  const index = createVectorIndex({ name, dimensions: DIMENSIONS });
  await index.ready();
  const text = 'lorem ipsum '.repeat(22);
  const documents = Array.from({ length: COUNT }, (_, n) => ({
    id: `document-${n}`,
    text,
    vector: numberedVector(n, DIMENSIONS),
    metadata: { n },
  }));
  const startedAt = performance.now();
  // As embedding would store them: many small packs.
  const small: number[] = [];
  for (let at = 0; at < COUNT / 2; at += 16) {
    const before = performance.now();
    await index.insert(documents.slice(at, Math.min(at + 16, COUNT / 2)));
    small.push(performance.now() - before);
  }
  const smallMs = performance.now() - startedAt;
  await index.insert(documents.slice(COUNT / 2));
  const largeMs = performance.now() - startedAt - smallMs;
  await index.close();

  const again = createVectorIndex({ name, dimensions: DIMENSIONS });
  const opened = performance.now();
  await again.ready();
  const openMs = performance.now() - opened;
  const found = await again.search(numberedVector(4_321, DIMENSIONS), { k: 10 });
  const firstMs = performance.now() - opened;
  expect(found.hits[0]?.id).toBe('document-4321');
  expect(found.searched).toBe(COUNT);
  small.sort((a, b) => a - b);
  const ms = (value: number | undefined) => `${(value ?? NaN).toFixed(1)} ms`;
  console.log(
    `put of 16: p50 ${ms(small[small.length >> 1])}, p95 ${ms(small[Math.floor(small.length * 0.95)])}; ` +
      `5,000 in batches of 16: ${ms(smallMs)}, of 256: ${ms(largeMs)}; ` +
      `open 10,000: ${ms(openMs)}, with the first result ${ms(firstMs)}`,
  );
  await again.destroy();
  // About 0.2 s on a quiet machine; the bound is for busy ones.
  expect(openMs).toBeLessThan(4_000);
}, 60_000);
