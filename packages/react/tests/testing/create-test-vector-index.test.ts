import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTestVectorIndex, hashEmbedder } from '../../src/testing/index.ts';
import type { VectorIndex } from '../../src/index.ts';

/** In bare Node: no worker, no IndexedDB, no DOM. */
describe('createTestVectorIndex', () => {
  const open: VectorIndex[] = [];
  const create: typeof createTestVectorIndex = (options) => {
    const index = createTestVectorIndex(options);
    open.push(index);
    return index as never;
  };
  afterEach(async () => {
    vi.useRealTimers();
    await Promise.all(open.splice(0).map((index) => index.close()));
  });

  test('inserts, finds, filters, lists, counts and removes', async () => {
    const index = create();
    await index.insert([
      { id: 'whale', text: 'Whales are mammals of the sea.', metadata: { legs: 0 } },
      { id: 'hawk', text: 'Hawks hunt from the air.', metadata: { legs: 2 } },
    ]);
    const { hits } = await index.search('mammals of the sea');
    expect(hits.map(({ id }) => id)).toEqual(['whale', 'hawk']);
    expect(await index.count({ filter: { legs: { gt: 0 } } })).toBe(1);
    expect((await index.list()).map(({ id }) => id)).toEqual(['hawk', 'whale']);
    expect(index.status.get()).toMatchObject({ state: 'ready', documentCount: 2, degraded: false });
    expect(await index.remove('hawk')).toBe(1);
    expect(await index.purge('whale')).toBe(1);
    await index.optimize();
    expect(await index.verify()).toMatchObject({ documents: 0, isCountRight: true });
  });

  test('says of a search that there was no engine', async () => {
    const index = create();
    await index.insert(['apples', 'pears', 'plums'].map((text) => ({ id: text, text })));
    const { explain } = await index.search('apples', { k: 1, explain: true });
    expect(explain).toMatchObject({
      ...{ plan: 'scan', evaluations: 3, searched: 3, efSearch: null },
      ...{ unindexed: 0, tombstones: 0, degraded: true, attempts: 1 },
    });
  });

  test('every index is another one', async () => {
    const one = create();
    const other = create();
    await one.insert({ id: 'a', text: 'apples' });
    expect(await other.count()).toBe(0);
  });

  test('answers while a test holds the time', async () => {
    const index = create();
    vi.useFakeTimers();
    await index.insert({ id: 'a', text: 'apples' });
    expect((await index.search('apples')).hits).toHaveLength(1);
  });

  test('takes vectors instead of texts, and fixed ones for texts', async () => {
    const plain = create({ dimensions: 2, metric: 'dot' });
    await plain.insert({ id: 'a', vector: Float32Array.of(2, 0) });
    expect((await plain.search(Float32Array.of(3, 0))).hits[0]?.score).toBe(6);

    const embedder = hashEmbedder({ vectors: { cat: [1, 0], dog: [0.9, 0.1], car: [0, 1] } });
    const index = create({ embedder });
    await index.insert(['dog', 'car'].map((text) => ({ id: text, text })));
    expect((await index.search('cat')).hits.map(({ id }) => id)).toEqual(['dog', 'car']);
  });

  test('fixed vectors of different lengths are a mistake', () => {
    expect(() => hashEmbedder({ vectors: { cat: [1, 0], dog: [1] } })).toThrow(
      expect.objectContaining({ code: 'dimension-mismatch' }),
    );
  });

  test('errors are those of the real one', async () => {
    const index = create({ dimensions: 2 });
    await expect(index.insert({ id: 'a', text: 'x' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(index.search(Float32Array.of(1))).rejects.toMatchObject({
      code: 'dimension-mismatch',
    });
    await index.close();
    await expect(index.count()).rejects.toMatchObject({ code: 'closed' });
  });
});
