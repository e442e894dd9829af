import { describe, expect, test } from 'vitest';
import type { IndexStatus } from '../../src/core/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { countingEmbedder, numberedVector, openTestIndex, sleep } from './test-index.ts';

const texts = (count: number, prefix = 'd') =>
  Array.from({ length: count }, (_, n) => ({
    id: `${prefix}${n}`,
    text: `text number ${n} ${prefix}`,
  }));

/** Takes its time, as a model does. */
function slowEmbedder(ms: number) {
  const base = hashEmbedder();
  return countingEmbedder({
    ...base,
    async embed(given, options) {
      await sleep(options.purpose === 'query' ? 1 : ms);
      return base.embed(given, options);
    },
  });
}

describe('inserts', () => {
  test('two at once both end, and progress never falls', async () => {
    const index = openTestIndex({ embedder: slowEmbedder(5) });
    const seen: NonNullable<IndexStatus['insert']>[] = [];
    index.status.subscribe(() => {
      const { insert } = index.status.get();
      if (insert && seen.at(-1) !== insert) seen.push(insert);
    });
    const own: number[] = [];
    const [first, second] = await Promise.all([
      index.insert(texts(100, 'a'), { onProgress: ({ done }) => own.push(done) }),
      index.insert(texts(60, 'b')),
    ]);
    expect([first.inserted, second.inserted]).toEqual([100, 60]);
    expect(await index.count()).toBe(160);
    expect(own).toEqual([...own].sort((a, b) => a - b));
    expect(own.at(-1)).toBe(100);
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ done: 160, total: 160 });
    expect(index.status.get().insert).toBeNull();
  });

  test('of the same ids leave one of the two, whole', async () => {
    const index = openTestIndex();
    const versions = ['x', 'y'].map((version) =>
      texts(64).map(({ id }) => ({ id, text: `${version} ${id}`, metadata: { version } })),
    );
    await Promise.all(versions.map((documents) => index.insert(documents)));
    expect(await index.count()).toBe(64);
    for (const { text, metadata } of await index.list()) {
      expect(text?.startsWith(String(metadata.version))).toBe(true);
    }
    expect((await index.search('x d1', { k: 100 })).hits).toHaveLength(64);
  });

  test('a removal in the middle of an insert holds', async () => {
    const index = openTestIndex({ embedder: slowEmbedder(10) });
    let removed: Promise<number> | undefined;
    await index.insert(texts(64), {
      onProgress({ done }) {
        if (done >= 32) removed ??= index.remove('d3');
      },
    });
    expect(await removed).toBe(1);
    expect(await index.get('d3')).toBeUndefined();
    expect(await index.count()).toBe(63);
  });

  test('cancelled, an insert stops soon, typed, and what was acknowledged stays', async () => {
    const embedder = slowEmbedder(20);
    const index = openTestIndex({ embedder });
    const controller = new AbortController();
    let acknowledged = 0;
    const insert = index.insert(texts(320), {
      signal: controller.signal,
      onProgress({ done }) {
        acknowledged = done;
        if (done >= 48) controller.abort();
      },
    });
    await expect(insert).rejects.toMatchObject({ code: 'aborted' });
    expect(acknowledged).toBeGreaterThanOrEqual(48);
    expect(acknowledged).toBeLessThan(160);
    expect(await index.count()).toBe(acknowledged);
    expect(embedder.documents.length).toBeLessThan(160);
    // Going on later embeds only what is missing.
    embedder.documents.length = 0;
    expect(await index.insert(texts(320))).toMatchObject({ unchanged: acknowledged });
    expect(embedder.documents).toHaveLength(320 - acknowledged);
  });

  test('cancelled, an insert of vectors stops too', async () => {
    const index = openTestIndex({ dimensions: 4 });
    const controller = new AbortController();
    const documents = Array.from({ length: 3_000 }, (_, n) => ({
      id: `d${n}`,
      vector: numberedVector(n, 4),
    }));
    const insert = index.insert(documents, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(insert).rejects.toMatchObject({ code: 'aborted' });
    expect(await index.count()).toBeLessThan(1_000);
  });

  test('cancelled before it began, nothing happens', async () => {
    const embedder = countingEmbedder();
    const index = openTestIndex({ embedder });
    await expect(index.insert(texts(3), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(embedder.documents).toEqual([]);
    expect(await index.count()).toBe(0);
  });
});

describe('searches', () => {
  test('during an insert are quick and see what was acknowledged', async () => {
    const index = openTestIndex({ embedder: slowEmbedder(4) });
    await index.ready();
    let acknowledged = 0;
    const insert = index.insert(texts(2_000), {
      onProgress: ({ done }) => (acknowledged = done),
    });
    const times: number[] = [];
    let isDone = false;
    void insert.finally(() => (isDone = true));
    while (!isDone) {
      const before = acknowledged;
      const startedAt = performance.now();
      const { searched, hits } = await index.search(`text number ${before - 1} d`, { k: 5 });
      times.push(performance.now() - startedAt);
      expect(searched).toBeGreaterThanOrEqual(before);
      if (before > 0) expect(hits.length).toBe(5);
      await sleep(5);
    }
    await insert;
    times.sort((a, b) => a - b);
    const p95 = times[Math.floor(times.length * 0.95)] ?? 0;
    console.log(`searches during an insert: ${times.length}, p95 ${p95.toFixed(1)} ms`);
    expect(times.length).toBeGreaterThan(20);
    expect(p95).toBeLessThan(100);
  });

  test('cancelled while its text is embedded, an old search ends at once', async () => {
    const index = openTestIndex();
    await index.insert(texts(3));
    const controller = new AbortController();
    let heard: AbortSignal | undefined;
    const base = hashEmbedder();
    const slow = openTestIndex({
      name: index.name,
      embedder: {
        ...base,
        embed(_, { signal }) {
          heard = signal;
          return new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('stopped')));
          });
        },
      },
    });
    const search = slow.search('text', { signal: controller.signal });
    await sleep(20);
    controller.abort();
    await expect(search).rejects.toMatchObject({ code: 'aborted' });
    expect(heard?.aborted).toBe(true);
  });

  test('cancelled while the index opens, a search ends at once', async () => {
    const index = openTestIndex({ dimensions: 4 });
    const controller = new AbortController();
    const search = index.search(numberedVector(1, 4), { signal: controller.signal });
    await Promise.resolve();
    controller.abort();
    await expect(search).rejects.toMatchObject({ code: 'aborted' });
    expect((await index.search(numberedVector(1, 4))).hits).toEqual([]);
  });

  test('the graph is built behind their backs, and removed vectors are swept out', async () => {
    const index = openTestIndex({ dimensions: 16 });
    const documents = Array.from({ length: 6_000 }, (_, n) => ({
      id: `d${n}`,
      vector: numberedVector(n, 16),
    }));
    await index.insert(documents);
    await expect.poll(() => index.status.get().unindexedCount, { timeout: 20_000 }).toBe(0);
    await index.remove(documents.slice(0, 3_000).map(({ id }) => id));
    const { hits } = await index.search(numberedVector(4_000, 16), { k: 10 });
    expect(hits[0]?.id).toBe('d4000');
    expect(hits.every(({ id }) => Number(id.slice(1)) >= 3_000)).toBe(true);
    await index.insert({ id: 'late', vector: numberedVector(9_999, 16) });
    expect((await index.search(numberedVector(9_999, 16), { k: 1 })).hits[0]?.id).toBe('late');
  });
});
