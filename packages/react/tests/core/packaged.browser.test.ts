import { afterAll, expect, test } from 'vitest';
import { createVectorIndex } from '@akin/react/core';
import type { VectorIndexOptions } from '@akin/react/core';
import { inlineWorker } from '@akin/react/inline';

const name = `packaged-${Date.now()}`;
const inlineName = `${name}-inline`;
const made: { close(): Promise<void> }[] = [];

/** As an app has it: nothing said about workers or WASM. */
function openPackaged(options: Partial<VectorIndexOptions> = {}) {
  const index = createVectorIndex({ name, dimensions: 3, ...options });
  made.push(index);
  return index;
}

afterAll(async () => {
  for (const index of made) await index.close();
  for (const used of [name, inlineName]) indexedDB.deleteDatabase(`akin/${used}`);
});

test('the built package finds its worker and its engine by itself', async () => {
  const index = openPackaged();
  await index.insert([
    { id: 'x', vector: Float32Array.of(1, 0, 0) },
    { id: 'y', vector: Float32Array.of(0, 1, 0) },
  ]);
  const { hits } = await index.search(Float32Array.of(0.9, 0.1, 0), { k: 1 });
  expect(hits[0]?.id).toBe('x');
  await index.close();
  expect(await openPackaged().count()).toBe(2);
});

test('inline, it needs no file: the worker, its replacement and the engine come with the script', async () => {
  const workers: Worker[] = [];
  const options = inlineWorker();
  const index = openPackaged({
    ...options,
    name: inlineName,
    createWorker() {
      const worker = options.createWorker();
      workers.push(worker);
      return worker;
    },
  });
  performance.clearResourceTimings();
  await index.insert({ id: 'x', vector: Float32Array.of(1, 0, 0) });
  expect(index.status.get()).toMatchObject({ degraded: false });
  expect(index.status.get().memoryBytes).toBeGreaterThan(0);
  workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'boom' }));
  const { hits } = await index.search(Float32Array.of(0.9, 0.1, 0), { k: 1 });
  expect(hits[0]?.id).toBe('x');
  expect(workers).toHaveLength(2);
  const files = performance.getEntriesByType('resource').map((entry) => entry.name);
  expect(files.filter((file) => /entry|wasm/.test(file))).toEqual([]);
});
