import { renderHook, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import {
  similarOptions,
  useSimilar,
  type SimilarOptions,
  type UseSimilarOptions,
} from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { testOptions } from './test-index.ts';
import { createWrapper, modes } from './wrapper.tsx';

const query = 'whales are mammals of the sea';
const documents = [
  ...Array.from({ length: 6 }, (_, at) => ({ id: `whale${at}`, text: `${query} ${at}` })),
  { id: 'seal', text: 'seals are mammals of the cold sea too' },
  { id: 'hawk', text: 'hawks hunt from the air' },
];

describe.each(modes)('useSimilar %s hands on', (_, Mode) => {
  const setUp = async (initialProps: UseSimilarOptions) => {
    const options = testOptions(hashEmbedder());
    const index = acquireVectorIndex(options);
    await index.insert(documents);
    const wrapper = createWrapper(Mode, options);
    return { index, ...renderHook((props) => useSimilar(props), { wrapper, initialProps }) };
  };

  test('minScore, diversity, efSearch and exact, each a query of its own', async () => {
    const plain = { query, k: 3 };
    const { index, result, rerender } = await setUp(plain);
    const shown = async (params: UseSimilarOptions) => {
      rerender(params);
      await waitFor(() => expect(result.current.isPlaceholderData).toBe(false));
      await waitFor(() => expect(result.current.data).toBeDefined());
      const hits = result.current.data?.hits.map(({ id, score }) => [id, score]);
      const { query: target, ...rest } = params;
      const expected = await index.search(target as string, rest);
      expect(hits).toEqual(expected.hits.map(({ id, score }) => [id, score]));
      return expected.hits;
    };
    const nearest = await shown(plain);
    expect(nearest).toHaveLength(3);
    const minScore = nearest[1]?.score ?? 0;
    expect((await shown({ ...plain, minScore })).length).toBeLessThan(3);
    const varied = await shown({ ...plain, diversity: 0.8 });
    expect(varied.map(({ id }) => id)).not.toEqual(nearest.map(({ id }) => id));
    expect(varied.map(({ id }) => id)).toContain('hawk');
    expect(await shown({ ...plain, efSearch: 7, exact: true })).toEqual(nearest);
  });

  test('filter, and dates are no strings to it', async () => {
    const { index, result, rerender } = await setUp({ query, k: 20, filter: { kind: 'fish' } });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(result.current.data).toMatchObject({ hits: [], searched: 0 });
    const at = new Date(0);
    await index.insert([
      { id: 'seal', metadata: { at } },
      { id: 'hawk', metadata: { at: at.toISOString() } },
    ]);
    const ids = () => result.current.data?.hits.map(({ id }) => id);
    rerender({ query, k: 20, filter: { at } });
    await waitFor(() => expect(ids()).toEqual(['seal']));
    rerender({ query, k: 20, filter: { at: at.toISOString() } });
    await waitFor(() => expect(ids()).toEqual(['hawk']));
  });

  test('explain, and without it asks the same query as ever', async () => {
    const { index, result, rerender } = await setUp({ query, k: 3 });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(result.current.data).not.toHaveProperty('explain');
    rerender({ query, k: 3, explain: true });
    await waitFor(() => expect(result.current.data?.explain).toBeDefined());
    expect(result.current.data?.explain).toMatchObject({
      plan: 'scan',
      evaluations: documents.length,
      searched: documents.length,
      degraded: false,
    });

    const keyOf = (options: SimilarOptions) => similarOptions(index, options).queryKey;
    expect(keyOf({ query, explain: false })).toEqual(keyOf({ query }));
    expect(keyOf({ query, explain: true })).not.toEqual(keyOf({ query }));
  });

  test('live, to one of two hooks', async () => {
    const options = testOptions(hashEmbedder());
    const index = acquireVectorIndex(options);
    await index.insert(documents);
    const { result } = renderHook(
      () => {
        const results = [useSimilar({ query, k: 20 }), useSimilar({ query, k: 20, live: false })];
        results.forEach(({ data }) => void data);
        return results;
      },
      { wrapper: createWrapper(Mode, options) },
    );
    const counts = () => result.current.map(({ data }) => data?.hits.length);
    await waitFor(() => expect(counts()).toEqual([8, 8]));
    await index.insert({ id: 'whale9', text: `${query} 9` });
    await waitFor(() => expect(counts()).toEqual([9, 8]));
    // Long enough for another round.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(counts()).toEqual([9, 8]);
  });

  test('a refusal, typed', async () => {
    const { result, rerender } = await setUp({ query, diversity: 2 });
    await waitFor(() => expect(result.current.error?.code).toBe('invalid-input'));
    rerender({ query, diversity: 1 });
    await waitFor(() => expect(result.current.data?.hits).toHaveLength(8));
  });
});
