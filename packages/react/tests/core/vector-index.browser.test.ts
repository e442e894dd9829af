import { expect, test } from 'vitest';
import { numberedVector, openTestIndex } from './test-index.ts';

test('vectors inserted are found, also by the next page', async () => {
  const index = openTestIndex({ dimensions: 8 });
  const documents = Array.from({ length: 300 }, (_, number) => ({
    id: `n${number}`,
    vector: numberedVector(number, 8),
    metadata: { number },
  }));
  const result = await index.insert(documents);
  expect(result).toEqual({ inserted: 300, updated: 0, unchanged: 0, truncated: [] });
  const { hits, searched } = await index.search(numberedVector(7, 8), { k: 3 });
  expect(hits).toHaveLength(3);
  expect(hits[0]).toMatchObject({ id: 'n7', namespace: 'default', metadata: { number: 7 } });
  expect(searched).toBe(300);
  await index.close();

  const again = openTestIndex({ name: index.name, dimensions: 8 });
  expect((await again.search(numberedVector(9, 8), { k: 1 })).hits[0]?.id).toBe('n9');
  expect(again.status.get()).toMatchObject({ state: 'ready', documentCount: 300 });
});
