import { describe, expect, test } from 'vitest';
import type { VectorIndex } from '../../src/core/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { countingEmbedder, numberedVector, openTestIndex, uniqueName } from './test-index.ts';

const animals = [
  { id: 'whale', text: 'whales are mammals of the sea', metadata: { legs: 0 } },
  { id: 'hawk', text: 'hawks hunt from the air', metadata: { legs: 2 } },
  { id: 'mole', text: 'moles dig tunnels under the lawn', metadata: { legs: 4 } },
];

const ids = ({ hits }: Awaited<ReturnType<VectorIndex['search']>>) => hits.map(({ id }) => id);

describe('vectors of your own', () => {
  test('are found, also by the next page', async () => {
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
    expect(hits[0]?.score).toBeGreaterThan(0.99);
    expect(searched).toBe(300);
    await index.close();

    const again = openTestIndex({ name: index.name, dimensions: 8 });
    expect(ids(await again.search(numberedVector(9, 8), { k: 1 }))).toEqual(['n9']);
    expect(again.status.get()).toMatchObject({ state: 'ready', documentCount: 300 });
  });

  test('given again to the last bit they are unchanged', async () => {
    const index = openTestIndex({ dimensions: 8 });
    const documents = [1, 2, 3].map((n) => ({ id: `n${n}`, vector: numberedVector(n, 8) }));
    await index.insert(documents);
    const { revision } = index.status.get();
    expect(await index.insert(documents)).toMatchObject({ updated: 0, unchanged: 3 });
    expect(index.status.get().revision).toBe(revision);
  });

  test('may be reused by the caller at once', async () => {
    const index = openTestIndex({ dimensions: 8 });
    const vector = numberedVector(1, 8);
    const inserted = index.insert({ id: 'a', vector });
    vector.fill(0.5);
    await inserted;
    const found = await index.get('a', { vector: true });
    expect(found?.vector).toEqual(numberedVector(1, 8));
  });

  test.each([
    ['NaN', Float32Array.of(1, NaN), 'cosine', 'invalid-input'],
    ['infinity', Float32Array.of(1, Infinity), 'dot', 'invalid-input'],
    ['all zeros under cosine', Float32Array.of(0, 0), 'cosine', 'invalid-input'],
    ['too much for l2', Float32Array.of(1e16, 0), 'l2', 'invalid-input'],
    ['too short', Float32Array.of(1), 'cosine', 'dimension-mismatch'],
  ] as const)('%s is refused and nothing is stored', async (_, vector, metric, code) => {
    const index = openTestIndex({ dimensions: 2, metric });
    await expect(index.insert({ id: 'bad', vector })).rejects.toMatchObject({ code });
    await expect(index.search(vector)).rejects.toMatchObject({ code });
    await index.insert({ id: 'good', vector: Float32Array.of(1, 1) });
    expect(await index.count()).toBe(1);
    expect(ids(await index.search(Float32Array.of(1, 0)))).toEqual(['good']);
  });
});

describe('texts', () => {
  test('are embedded once, found, and survive a reload without being embedded again', async () => {
    const embedder = countingEmbedder();
    const index = openTestIndex({ embedder });
    await index.insert(animals);
    expect(embedder.documents).toHaveLength(3);
    const result = await index.search('mammals of the sea');
    expect(result.hits[0]).toMatchObject({
      id: 'whale',
      text: 'whales are mammals of the sea',
      metadata: { legs: 0 },
      truncated: false,
    });
    expect(result.took.searchMs).toBeGreaterThanOrEqual(0);
    await index.close();

    const reloaded = countingEmbedder();
    const again = openTestIndex({ name: index.name, embedder: reloaded });
    expect(ids(await again.search('mammals of the sea'))).toEqual(ids(result));
    expect(reloaded.documents).toEqual([]);
    expect(await again.insert(animals)).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: 3,
      truncated: [],
    });
    expect(reloaded.documents).toEqual([]);
  });

  test('changing only metadata embeds nothing', async () => {
    const embedder = countingEmbedder();
    const index = openTestIndex({ embedder });
    await index.insert(animals);
    const { createdAt } = (await index.get('mole')) ?? {};
    const { revision } = index.status.get();
    expect(
      await index.insert({ id: 'mole', text: animals[2]?.text, metadata: { legs: 5 } }),
    ).toMatchObject({ updated: 1 });
    expect(await index.insert({ id: 'hawk', metadata: { legs: 6 } })).toMatchObject({ updated: 1 });
    expect(embedder.documents).toHaveLength(3);
    expect(await index.get('mole')).toMatchObject({ metadata: { legs: 5 }, createdAt });
    expect(await index.get('hawk')).toMatchObject({
      text: 'hawks hunt from the air',
      metadata: { legs: 6 },
    });
    expect(index.status.get().revision).toBeGreaterThan(revision);
    expect((await index.search('moles dig')).hits[0]).toMatchObject({ metadata: { legs: 5 } });
  });

  test('a new text replaces the old one under its id', async () => {
    const embedder = countingEmbedder();
    const index = openTestIndex({ embedder });
    await index.insert(animals);
    await index.insert({ id: 'whale', text: 'sharks are fish' });
    expect(embedder.documents).toHaveLength(4);
    expect(await index.count()).toBe(3);
    const found = await index.search('sharks fish', { k: 10 });
    expect(ids(found)).toHaveLength(3);
    expect(found.hits[0]).toMatchObject({ id: 'whale', text: 'sharks are fish', metadata: {} });
  });

  test('of one id given twice in a call the last counts', async () => {
    const index = openTestIndex();
    expect(
      await index.insert([
        { id: 'a', text: 'first' },
        { id: 'a', text: 'last' },
      ]),
    ).toMatchObject({ inserted: 1, updated: 0 });
    expect((await index.get('a'))?.text).toBe('last');
  });

  test('too long for the model is reported, then and later', async () => {
    const embedder = hashEmbedder({ maxWords: 2 });
    const index = openTestIndex({ embedder });
    const documents = [
      { id: 'long', text: 'one two three' },
      { id: 'short', text: 'one two' },
    ];
    expect((await index.insert(documents)).truncated).toEqual(['long']);
    expect((await index.insert(documents)).truncated).toEqual(['long']);
    expect((await index.get('long'))?.truncated).toBe(true);
  });

  test('need an embedder', async () => {
    const index = openTestIndex({ dimensions: 2 });
    await expect(index.insert({ id: 'a', text: 'x' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(index.search('x')).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('a new document with neither text nor vector is refused', async () => {
    const index = openTestIndex();
    await expect(index.insert({ id: 'a', metadata: { x: 1 } })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test('an embedder that fails is a typed error; what was stored before stays', async () => {
    const base = hashEmbedder();
    let calls = 0;
    const index = openTestIndex({
      embedder: {
        ...base,
        embed: (texts, options) =>
          ++calls > 2 ? Promise.reject(new Error('no more')) : base.embed(texts, options),
      },
    });
    const documents = Array.from({ length: 64 }, (_, n) => ({ id: `d${n}`, text: `text ${n}` }));
    await expect(index.insert(documents)).rejects.toMatchObject({ code: 'embed-failed' });
    expect(await index.count()).toBe(32);
    expect(index.status.get().insert).toBeNull();
  });

  test('an embedder that gives something else is not believed', async () => {
    const base = hashEmbedder();
    const index = openTestIndex({ embedder: { ...base, embed: () => Promise.resolve([]) } });
    await expect(index.insert(animals)).rejects.toMatchObject({ code: 'embed-failed' });
  });
});

describe('reading and removing', () => {
  test('get, list and count', async () => {
    const index = openTestIndex();
    expect(await index.get('whale')).toBeUndefined();
    expect(await index.list()).toEqual([]);
    await index.insert(animals);
    expect(await index.get('whale')).toEqual({
      ...animals[0],
      namespace: 'default',
      truncated: false,
      createdAt: expect.any(Number) as number,
      updatedAt: expect.any(Number) as number,
    });
    expect((await index.list()).map(({ id }) => id)).toEqual(['hawk', 'mole', 'whale']);
    expect((await index.list({ after: 'hawk', limit: 1 })).map(({ id }) => id)).toEqual(['mole']);
    expect(await index.list({ limit: Number.MAX_SAFE_INTEGER })).toHaveLength(3);
    expect(await index.count()).toBe(3);
    expect(await index.count('other')).toBe(0);
  });

  test('removed documents are gone from everything, after a reload too', async () => {
    const index = openTestIndex();
    await index.insert(animals);
    expect(await index.remove(['whale', 'nobody'])).toBe(1);
    expect(await index.remove('whale')).toBe(0);
    expect(await index.get('whale')).toBeUndefined();
    expect(ids(await index.search('mammals of the sea'))).not.toContain('whale');
    await index.close();
    const again = openTestIndex({ name: index.name });
    expect(await again.count()).toBe(2);
    expect(ids(await again.search('mammals of the sea', { k: 9 })).sort()).toEqual([
      'hawk',
      'mole',
    ]);
  });

  test('more than one transaction of removals', async () => {
    const index = openTestIndex({ dimensions: 4 });
    const documents = Array.from({ length: 2_300 }, (_, n) => ({
      id: `d${n}`,
      vector: numberedVector(n, 4),
    }));
    await index.insert(documents);
    expect(await index.remove(documents.slice(0, 1_100).map(({ id }) => id))).toBe(1_100);
    expect(await index.remove({ namespace: 'default' })).toBe(1_200);
    expect(await index.count()).toBe(0);
    expect(ids(await index.search(numberedVector(1, 4)))).toEqual([]);
  });

  test('more like this leaves out this', async () => {
    const index = openTestIndex();
    await index.insert([...animals, { id: 'seal', text: 'seals are mammals of the sea' }]);
    expect(ids(await index.search({ id: 'whale' }, { k: 2 }))[0]).toBe('seal');
    expect(ids(await index.search({ id: 'whale' }, { k: 9 }))).toHaveLength(3);
    await expect(index.search({ id: 'nobody' })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('k and minScore', async () => {
    const index = openTestIndex();
    await index.insert(animals);
    expect(ids(await index.search('whales', { k: 0 }))).toEqual([]);
    expect(ids(await index.search('whales', { k: 1_000 }))).toHaveLength(3);
    const all = await index.search('whales are mammals of the sea');
    expect(all.hits[0]?.score).toBeGreaterThan(0.99);
    expect(ids(await index.search('whales are mammals of the sea', { minScore: 0.9 }))).toEqual([
      'whale',
    ]);
    await expect(index.search('x', { k: -1 })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(index.search(' ')).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('searching before anything was written finds nothing', async () => {
    const index = openTestIndex();
    expect(await index.search('anything')).toMatchObject({ hits: [], searched: 0 });
    await index.insert(animals);
    expect(ids(await index.search('whales'))[0]).toBe('whale');
  });

  test('a document whose row is damaged is not shown, and its place is filled', async () => {
    const index = openTestIndex();
    await index.insert([...animals, { id: 'seal', text: 'seals are mammals of the sea' }]);
    await damageRow(index.name, 'seal');
    expect(ids(await index.search('mammals of the sea', { k: 3 })).sort()).toEqual([
      'hawk',
      'mole',
      'whale',
    ]);
    expect(await index.get('seal')).toBeUndefined();
  });
});

describe('isolation', () => {
  test('a search sees one namespace', async () => {
    const index = openTestIndex();
    await index.insert(animals);
    await index.insert(animals.map((animal) => ({ ...animal, namespace: 'zoo' })));
    await index.insert({ id: 'whale', text: 'something else', namespace: 'zoo' });
    const found = await index.search('mammals of the sea', { namespace: 'zoo', k: 10 });
    expect(found.searched).toBe(3);
    expect(new Set(found.hits.map(({ namespace }) => namespace))).toEqual(new Set(['zoo']));
    expect(await index.get('whale')).toMatchObject({ text: animals[0]?.text });
    expect(await index.remove({ ids: ['hawk'], namespace: 'zoo' })).toBe(1);
    // A list that is not there yet does not mean all of them.
    const missing = { ids: undefined, namespace: 'zoo' } as never;
    await expect(index.remove(missing)).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(index.purge(missing)).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await index.remove({ namespace: 'zoo' })).toBe(2);
    expect(await index.count()).toBe(3);
    expect(await index.search('whales', { namespace: 'zoo' })).toMatchObject({
      hits: [],
      searched: 0,
    });
  });

  test('a small namespace gets its full share beside a crowd', async () => {
    const index = openTestIndex({ dimensions: 4 });
    const near = Array.from({ length: 200 }, (_, n) => ({
      id: `d${n}`,
      vector: Float32Array.of(1, n / 1_000, 0, 0),
    }));
    await index.insert(near);
    await index.insert([
      { id: 'far', vector: Float32Array.of(-1, 0, 0, 0), namespace: 'small' },
      { id: 'd1', vector: Float32Array.of(0, 1, 0, 0), namespace: 'small' },
    ]);
    const search = (namespace: string) =>
      index.search(Float32Array.of(1, 0, 0, 0), { namespace, k: 3 });
    expect(ids(await search('small'))).toEqual(['d1', 'far']);
    expect(ids(await search('default'))).toEqual(['d0', 'd1', 'd2']);
    await index.remove({ namespace: 'default' });
    expect(ids(await search('small'))).toEqual(['d1', 'far']);
    expect(ids(await search('default'))).toEqual([]);
  });

  test('two names share nothing', async () => {
    const one = openTestIndex();
    const two = openTestIndex();
    await one.insert(animals);
    expect(await two.count()).toBe(0);
    expect(ids(await two.search('whales'))).toEqual([]);
    await two.destroy();
    expect(await one.count()).toBe(3);
  });

  test('another embedder, other dimensions or another metric are refused, loudly', async () => {
    const index = openTestIndex();
    await index.insert(animals);
    await index.close();
    const { name } = index;
    const refuses = async (options: Parameters<typeof openTestIndex>[0], code: string) => {
      const other = openTestIndex({ name, ...options });
      await expect(other.ready()).rejects.toMatchObject({ code });
      await expect(other.search(new Float32Array(other.dimensions).fill(1))).rejects.toMatchObject({
        code,
      });
      expect(other.status.get()).toMatchObject({ state: 'error', error: { code } });
      await other.close();
    };
    await refuses({ embedder: { ...hashEmbedder(), id: 'other' } }, 'embedder-mismatch');
    await refuses({ embedder: hashEmbedder({ dimensions: 32 }) }, 'embedder-mismatch');
    await refuses({ embedder: undefined, dimensions: 32 }, 'dimension-mismatch');
    await refuses({ metric: 'dot' }, 'invalid-input');

    // Without an embedder it can be read, but not added to.
    const reader = openTestIndex({ name, embedder: undefined, dimensions: 64 });
    expect(await reader.count()).toBe(3);
    await expect(reader.insert({ id: 'x', vector: numberedVector(1, 64) })).rejects.toMatchObject({
      code: 'embedder-mismatch',
    });
    expect(await openTestIndex({ name }).count()).toBe(3);
  });

  test('what does not fit can be destroyed and made anew', async () => {
    const index = openTestIndex();
    await index.insert(animals);
    await index.close();
    const embedder = hashEmbedder({ dimensions: 32 });
    const other = openTestIndex({ name: index.name, embedder });
    await expect(other.ready()).rejects.toMatchObject({ code: 'embedder-mismatch' });
    await other.destroy();
    const fresh = openTestIndex({ name: index.name, embedder });
    await fresh.insert(animals);
    expect(await fresh.count()).toBe(3);
  });
});

describe('closing', () => {
  test('destroy deletes the database', async () => {
    const index = openTestIndex();
    await index.insert(animals);
    await index.destroy();
    const names = (await indexedDB.databases()).map(({ name }) => name);
    expect(names).not.toContain(`akin/${index.name}`);
    expect(index.status.get()).toMatchObject({ state: 'closed', documentCount: 0 });
    await expect(index.search('whales')).rejects.toMatchObject({ code: 'closed' });
  });

  test('closing in the middle of everything settles everything', async () => {
    const index = openTestIndex();
    await index.ready();
    const calls = [
      index.insert(animals),
      index.search('whales'),
      index.get('whale'),
      index.list(),
      index.count(),
      index.remove('whale'),
    ];
    const closed = index.close();
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'closed' } });
    }
    await closed;
    await index.close();
  });

  test('in memory nothing outlives the index', async () => {
    const name = uniqueName();
    const index = openTestIndex({ name, storage: 'memory' });
    await index.insert(animals);
    expect(ids(await index.search('whales'))[0]).toBe('whale');
    expect(index.status.get().storage).toMatchObject({ kind: 'memory', persisted: false });
    await index.close();
    expect(await openTestIndex({ name, storage: 'memory' }).count()).toBe(0);
    const names = (await indexedDB.databases()).map((database) => database.name);
    expect(names).not.toContain(`akin/${name}`);
  });
});

async function damageRow(indexName: string, id: string): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(`akin/${indexName}`);
    request.onsuccess = () => resolve(request.result);
  });
  const store = db.transaction('documents', 'readwrite').objectStore('documents');
  await new Promise<void>((resolve) => {
    const request = store.get(['default', id]);
    request.onsuccess = () => {
      const row = request.result as { text: string };
      store.put({ ...row, text: 'forged' }).onsuccess = () => resolve();
    };
  });
  db.close();
}
