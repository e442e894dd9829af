import { describe, expect, test, vi } from 'vitest';
import type { SearchParams, VectorIndex } from '../../src/core/index.ts';
import { numberedVector, openTestIndex } from './test-index.ts';

const dimensions = 8;
const query = numberedVector(1, dimensions);

const ids = ({ hits }: Awaited<ReturnType<VectorIndex['search']>>) => hits.map(({ id }) => id);

/** Two namespaces with the same vectors: what leaks from one to the other would rank first. */
async function filled(count = 200): Promise<VectorIndex> {
  const index = openTestIndex({ dimensions });
  await index.insert(
    ['default', 'other'].flatMap((namespace) =>
      Array.from({ length: count }, (_, number) => ({
        id: `n${number}`,
        namespace,
        vector: numberedVector(number, dimensions),
        metadata: { number },
      })),
    ),
  );
  return index;
}

/** `count` near-copies of the query, and one that is only similar to it. */
async function withCopies(count: number): Promise<VectorIndex> {
  const index = openTestIndex({ dimensions });
  const near = (by: number, at: number) =>
    query.map((component, dimension) => component + (dimension === at ? by : 0));
  await index.insert([
    ...Array.from({ length: count }, (_, number) => ({
      id: `copy${number}`,
      vector: near(0.001 * number, number % dimensions),
    })),
    { id: 'similar', vector: near(0.9, 2) },
    { id: 'unlike', vector: query.map((component) => -component) },
  ]);
  return index;
}

describe('minScore', () => {
  test('gives everything that scores enough, of one namespace', async () => {
    const index = await filled();
    const all = await index.search(query, { k: 200 });
    expect(all.hits).toHaveLength(200);
    for (const rank of [0, 7, 60]) {
      const minScore = all.hits[rank]!.score;
      const found = await index.search(query, { k: 200, minScore });
      expect(found.hits).toEqual(all.hits.filter(({ score }) => score >= minScore));
      expect(ids(await index.search(query, { k: 3, minScore }))).toEqual(ids(found).slice(0, 3));
      const other = await index.search(query, { k: 200, minScore, namespace: 'other' });
      expect(ids(other)).toEqual(ids(found));
      expect(other.hits.every(({ namespace }) => namespace === 'other')).toBe(true);
    }
    expect(await index.search(query, { minScore: 1 }).then(ids)).toEqual([]);
  });
});

describe('diversity', () => {
  test('lets near-copies give way, in one namespace', async () => {
    const index = await withCopies(10);
    expect(ids(await index.search(query, { k: 3 }))).not.toContain('similar');
    const { hits } = await index.search(query, { k: 3, diversity: 0.6 });
    expect(hits.map(({ id }) => id)).toContain('similar');
    expect(hits[0]!.id).toMatch(/^copy/);
    const scores = new Map(
      (await index.search(query, { k: 12 })).hits.map(({ id, score }) => [id, score]),
    );
    for (const { id, score } of hits) expect(score).toBe(scores.get(id));
  });

  test('at 0 is what it was without', async () => {
    const index = await filled();
    const [plain, zero] = await Promise.all([
      index.search(query, { k: 20 }),
      index.search(query, { k: 20, diversity: 0 }),
    ]);
    expect(zero.hits).toEqual(plain.hits);
  });

  test('does not hold against hits that they are like the document they were sought from', async () => {
    const index = await withCopies(10);
    const more = await index.search({ id: 'copy0' }, { k: 12, diversity: 0.5 });
    expect(ids(more)).not.toContain('copy0');
    expect(more.hits).toHaveLength(11);
    expect(ids(more)[0]).toMatch(/^copy/);
    expect(ids(await index.search({ id: 'copy0' }, { k: 12 }))).toHaveLength(11);
  });
});

test('a document of another namespace may be sought from, and its namesake found', async () => {
  const index = await filled(20);
  const found = await index.search({ id: 'n1', namespace: 'other' }, { k: 20 });
  expect(found.hits[0]).toMatchObject({ id: 'n1', namespace: 'default' });
  expect(found.hits).toHaveLength(20);
});

test('efSearch and exact reach the engine', async () => {
  const index = await filled();
  const plain = await index.search(query, { k: 10 });
  const exact = await index.search(query, { k: 10, exact: true });
  const narrow = await index.search(query, { k: 10, efSearch: 1 });
  expect(exact.hits).toEqual(plain.hits);
  expect(narrow.hits).toEqual(plain.hits);
});

describe('explain', () => {
  test('is absent unless it is asked for', async () => {
    const index = await filled(20);
    expect(await index.search(query)).not.toHaveProperty('explain');
    expect(await index.search(query, { explain: false })).not.toHaveProperty('explain');
  });

  test('tells of a scan, and of what could be found', async () => {
    const index = await filled();
    await vi.waitFor(() => expect(index.status.get().unindexedCount).toBe(0), 10_000);
    const { explain, searched, took } = await index.search(query, { explain: true });
    expect(explain).toMatchObject({
      ...{ plan: 'scan', evaluations: 200, efSearch: null, searched: 200 },
      ...{ unindexed: 0, tombstones: 0, degraded: false, attempts: 1 },
    });
    expect(searched).toBe(200);
    expect((explain?.findMs ?? -1) >= 0 && (explain?.readMs ?? -1) >= 0).toBe(true);
    expect((explain?.findMs ?? 0) + (explain?.readMs ?? 0)).toBeLessThanOrEqual(took.searchMs);

    const few = { number: { lt: 5 } };
    const filtered = await index.search(query, { explain: true, filter: few, namespace: 'other' });
    expect(filtered.explain).toMatchObject({ evaluations: 5, searched: 5 });
  });

  test('tells of a walk through the graph, and of removed vectors that are still in it', async () => {
    const count = 12_000;
    const index = openTestIndex({ dimensions });
    await index.insert(
      Array.from({ length: count }, (_, number) => ({
        id: `n${number}`,
        vector: numberedVector(number, dimensions),
      })),
    );
    await vi.waitFor(() => expect(index.status.get().unindexedCount).toBe(0), 30_000);
    const walk = await index.search(query, { explain: true, efSearch: 16 });
    expect(walk.explain).toMatchObject({ plan: 'walk', efSearch: 16, searched: count });
    expect(walk.explain?.evaluations).toBeLessThan(count / 4);
    expect(walk.explain?.evaluations).toBeGreaterThan(16);
    const exact = await index.search(query, { explain: true, exact: true });
    expect(exact.explain).toMatchObject({ plan: 'scan', evaluations: count, efSearch: null });

    await index.remove(['n10', 'n11', 'n12']);
    // The index's own number of candidates: the engine's default.
    const after = await index.search(query, { explain: true });
    expect(after.explain).toMatchObject({ plan: 'walk', efSearch: 64, tombstones: 3 });
  }, 60_000);
});

describe('what cannot be answered is refused by name, and the index goes on', () => {
  const any = (value: unknown) => value as never;
  test.each<[string, SearchParams]>([
    ['minScore of NaN', { minScore: NaN }],
    ['minScore of infinity', { minScore: Infinity }],
    ['minScore in percent', { minScore: 80 }],
    ['minScore in words', { minScore: any('0.5') }],
    ['diversity of 2', { diversity: 2 }],
    ['diversity of NaN', { diversity: NaN }],
    ['diversity of true', { diversity: any(true) }],
    ['efSearch of 0', { efSearch: 0 }],
    ['efSearch of 5000', { efSearch: 5000 }],
    ['exact of 1', { exact: any(1) }],
    ['explain in words', { explain: any('yes') }],
    ['k of -1', { k: -1 }],
    ['k of infinity', { k: Infinity }],
  ])('%s', async (_, params) => {
    const index = openTestIndex({ dimensions });
    await index.insert({ id: 'a', vector: query });
    await expect(index.search(query, params)).rejects.toMatchObject({
      code: 'invalid-input',
      what: expect.stringMatching(/\.$/) as string,
      hint: expect.stringMatching(/\.$/) as string,
    });
    expect(ids(await index.search(query, { k: Number.MAX_SAFE_INTEGER }))).toEqual(['a']);
  });
});
