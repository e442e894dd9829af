import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex, type VectorIndexOptions } from '../../src/core/index.ts';
import { databaseName } from '../../src/storage/dexie-driver.ts';
import { useCompact, useVectorIndexStatus } from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { numberedVector } from '../core/numbered-vector.ts';
import { testOptions } from './test-index.ts';
import { createWrapper, modes } from './wrapper.tsx';

const DIMENSIONS = 8;
/** Enough for a graph, which alone keeps what was removed. */
const COUNT = 10_500;

const documents = Array.from({ length: COUNT }, (_, number) => ({
  id: `n${number}`,
  vector: numberedVector(number, DIMENSIONS),
}));

/** Chunks of snapshots that are stored, looked up behind Akin's back. */
async function storedChunks({ name }: VectorIndexOptions): Promise<number> {
  const database = await promised(indexedDB.open(databaseName(name)));
  try {
    return await promised(database.transaction('blobs').objectStore('blobs').count());
  } finally {
    database.close();
  }
}

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('unknown'));
  });
}

describe.each(modes)('useCompact %s', (_, Mode) => {
  const setUp = (options: VectorIndexOptions) =>
    renderHook(
      () => ({
        compact: useCompact(),
        tombstones: useVectorIndexStatus((status) => status.tombstoneCount),
      }),
      { wrapper: createWrapper(Mode, options) },
    );

  test('takes what was removed out of the graph, and stores it', async () => {
    const options = testOptions(hashEmbedder({ dimensions: DIMENSIONS }));
    const index = acquireVectorIndex(options);
    await index.insert(documents);
    await waitFor(() => expect(index.status.get().unindexedCount).toBe(0), { timeout: 30_000 });
    await index.remove(documents.slice(0, 200).map(({ id }) => id));

    const { result } = setUp(options);
    await waitFor(() => expect(result.current.tombstones).toBe(200));
    const before = await storedChunks(options);
    act(() => result.current.compact.mutate());
    await waitFor(() => expect(result.current.compact.status).toBe('success'), { timeout: 20_000 });
    expect(result.current.tombstones).toBe(0);
    expect(result.current.compact).toMatchObject({ data: undefined, error: null });
    expect(await storedChunks(options)).toBeGreaterThan(before);

    const target = numberedVector(300, DIMENSIONS);
    const { hits, explain } = await index.search(target, { k: 5, explain: true });
    expect(hits[0]?.id).toBe('n300');
    expect(explain?.tombstones).toBe(0);
    expect(await index.count()).toBe(COUNT - 200);
  }, 60_000);

  test('searches are answered meanwhile, and writes after it', async () => {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    await index.insert([
      { id: 'a', text: 'apples' },
      { id: 'b', text: 'bread' },
    ]);
    const { result } = setUp(options);
    act(() => result.current.compact.mutate());
    const [found] = await Promise.all([
      index.search('apples', { k: 1 }),
      index.insert({ id: 'c', text: 'cheese' }),
    ]);
    expect(found.hits[0]?.id).toBe('a');
    await waitFor(() => expect(result.current.compact.isSuccess).toBe(true));
    expect(await index.count()).toBe(3);
  });

  test('fails as the index does, with a typed error', async () => {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    await index.ready();
    const { result } = setUp(options);
    await act(() => index.close());
    act(() => result.current.compact.mutate());
    await waitFor(() => expect(result.current.compact.isError).toBe(true));
    expect(result.current.compact.error?.code).toBe('closed');
  });
});
