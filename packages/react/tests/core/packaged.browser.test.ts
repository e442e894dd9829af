import { afterAll, expect, test } from 'vitest';
import { createVectorIndex } from '@akin/react/core';

const name = `packaged-${Date.now()}`;
const made: { close(): Promise<void> }[] = [];

/** As an app has it: nothing said about workers or WASM. */
function openPackaged() {
  const index = createVectorIndex({ name, dimensions: 3 });
  made.push(index);
  return index;
}

afterAll(async () => {
  for (const index of made) await index.close();
  indexedDB.deleteDatabase(`akin/${name}`);
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
