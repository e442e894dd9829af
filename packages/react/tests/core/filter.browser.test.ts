import { describe, expect, test } from 'vitest';
import { numberedVector, openTestIndex, uniqueName } from './test-index.ts';

const DIMENSIONS = 8;
const COUNT = 600;

const documents = Array.from({ length: COUNT }, (_, number) => ({
  id: `d${String(number).padStart(3, '0')}`,
  vector: numberedVector(number, DIMENSIONS),
  metadata: {
    number,
    group: number % 100,
    tags: [`t${number % 3}`, 'all'],
    at: new Date(number * 86_400_000),
  },
}));
const query = numberedVector(7, DIMENSIONS);

describe('filters', () => {
  async function setUp(options = {}) {
    const name = uniqueName();
    const index = openTestIndex({ name, dimensions: DIMENSIONS, ...options });
    await index.insert(documents);
    return { index, name };
  }

  test.each([
    ['one in a hundred', { group: 7 }, ({ number }: { number: number }) => number % 100 === 7],
    [
      'two thirds',
      { tags: { in: ['t0', 't1'] } },
      ({ number }: { number: number }) => number % 3 < 2,
    ],
    [
      'a range',
      { number: { gte: 100, lt: 120 } },
      ({ number }: { number: number }) => number >= 100 && number < 120,
    ],
    [
      'dates',
      { at: { lt: new Date(5 * 86_400_000) } },
      ({ number }: { number: number }) => number < 5,
    ],
    ['none', { group: 'seven' }, () => false],
    ['all', { tags: 'all' }, () => true],
  ])('%s: min(k, matches) hits, the best of those that match', async (_, filter, isWanted) => {
    const { index } = await setUp();
    const wanted = documents.filter(({ metadata }) => isWanted(metadata));
    const { hits, searched } = await index.search(query, { k: 10, filter, exact: true });
    expect(searched).toBe(wanted.length);
    const all = await index.search(query, { k: COUNT, exact: true });
    const expected = all.hits.filter(({ id }) => wanted.some((document) => document.id === id));
    expect(hits.map(({ id }) => id)).toEqual(expected.slice(0, 10).map(({ id }) => id));
    const walked = await index.search(query, { k: 10, filter });
    expect(walked.hits).toHaveLength(Math.min(10, wanted.length));
    expect(await index.count({ filter })).toBe(wanted.length);
    const listed = await index.list({ filter, limit: 7 });
    expect(listed.map(({ id }) => id)).toEqual(wanted.slice(0, 7).map(({ id }) => id));
    const rest = await index.list({ filter, limit: COUNT, after: listed.at(-1)?.id ?? '' });
    expect(listed.length + rest.length).toBe(wanted.length);
  });

  test('follow new, replaced, changed and removed documents', async () => {
    const { index } = await setUp();
    const filter = { group: 7 };
    const ids = async () => (await index.list({ filter, limit: 50 })).map(({ id }) => id);
    expect(await ids()).toHaveLength(6);
    await index.insert({ id: 'new', vector: query, metadata: { group: 7 } });
    expect(await ids()).toHaveLength(7);
    // Metadata alone, in and out.
    await index.insert({ id: 'd000', metadata: { group: 7 } });
    await index.insert({ id: 'd007', metadata: { group: 8 } });
    expect(await ids()).toEqual(['d000', 'd107', 'd207', 'd307', 'd407', 'd507', 'new']);
    await index.insert({ id: 'd107', vector: query, metadata: {} });
    await index.remove('d207');
    expect(await ids()).toEqual(['d000', 'd307', 'd407', 'd507', 'new']);
    const { hits, searched } = await index.search(query, { k: 50, filter });
    expect(searched).toBe(5);
    expect(hits.map(({ id }) => id).sort()).toEqual(await ids());
  });

  test('follow what another tab changed, hint or not', async () => {
    const { index, name } = await setUp();
    const other = openTestIndex({ name, dimensions: DIMENSIONS });
    const filter = { group: 7 };
    expect((await other.search(query, { k: 50, filter })).hits).toHaveLength(6);
    await index.insert([
      { id: 'd007', metadata: { group: 8 } },
      { id: 'd008', metadata: { group: 7 } },
    ]);
    // A document that no longer matches is never shown, even before the hint has come.
    const { hits } = await other.search(query, { k: 50, filter });
    expect(hits.every(({ metadata }) => metadata.group === 7)).toBe(true);
    await expect
      .poll(async () =>
        (await other.search(query, { k: 50, filter })).hits.map(({ id }) => id).sort(),
      )
      .toEqual(['d008', 'd107', 'd207', 'd307', 'd407', 'd507']);
  });

  test('are answered after a reload, from rows and from a snapshot', async () => {
    const { index, name } = await setUp();
    const filter = { tags: 't2', number: { lt: 30 } };
    for (const isOptimized of [false, true]) {
      if (isOptimized) await index.optimize();
      const again = openTestIndex({ name, dimensions: DIMENSIONS });
      expect(await again.count({ filter })).toBe(10);
      await again.close();
    }
  });

  test('keep to their namespace', async () => {
    const { index } = await setUp();
    await index.insert({ id: 'd007', vector: query, namespace: 'other', metadata: { group: 7 } });
    const filter = { group: 7 };
    expect(await index.count({ filter, namespace: 'other' })).toBe(1);
    expect(await index.count({ filter })).toBe(6);
    expect(await index.count({ filter, namespace: 'nobody' })).toBe(0);
  });

  test('go together with minScore, diversity and "more like this"', async () => {
    const { index } = await setUp();
    const filter = { group: 7 };
    const like = await index.search({ id: 'd007' }, { k: 50, filter });
    expect(like.hits.map(({ id }) => id)).not.toContain('d007');
    expect(like.hits).toHaveLength(5);
    expect((await index.search(query, { k: 50, filter, diversity: 0.5 })).hits).toHaveLength(6);
    const best = await index.search(query, { k: 1, filter });
    const minScore = best.hits[0]?.score ?? 0;
    expect((await index.search(query, { k: 50, filter, minScore })).hits).toHaveLength(1);
  });

  test('work encrypted', async () => {
    const { index } = await setUp({ encryption: { passphrase: 'of the filters' } });
    expect(await index.count({ filter: { group: 7 } })).toBe(6);
    expect((await index.list({ filter: { group: 7 }, limit: 2 })).map(({ id }) => id)).toEqual([
      'd007',
      'd107',
    ]);
  });

  test('a mistake is refused before anything is asked', async () => {
    const { index } = await setUp();
    const filter = { group: undefined } as never;
    for (const ask of [
      () => index.search(query, { filter }),
      () => index.list({ filter }),
      () => index.count({ filter }),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });
});
