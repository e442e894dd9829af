import { QueryClient, skipToken } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import {
  useSimilar,
  useVectorIndex,
  VectorIndexError,
  VectorIndexProvider,
  type SearchResult,
  type UseSimilarOptions,
} from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { testOptions } from './test-index.ts';
import { watchedEmbedder, type WatchedEmbedder } from './watched-embedder.ts';
import { createWrapper, modes } from './wrapper.tsx';

const animals = [
  { id: 'whale', text: 'whales are mammals of the sea' },
  { id: 'hawk', text: 'hawks hunt from the air' },
  { id: 'mole', text: 'moles dig tunnels under the lawn' },
];

function ids(data: SearchResult | undefined): string[] | undefined {
  return data?.hits.map(({ id }) => id);
}

describe.each(modes)('useSimilar %s', (_, Mode) => {
  async function setUp(initialProps: UseSimilarOptions, embedder = watchedEmbedder()) {
    const options = testOptions(embedder);
    const index = acquireVectorIndex(options);
    await index.insert(animals);
    embedder.calls.length = 0;
    /** What every render got, in order: a result that flashes by is seen here. */
    const renders: { query: unknown; data: readonly string[] | undefined }[] = [];
    const rendered = renderHook(
      (props: UseSimilarOptions) => {
        const result = useSimilar(props);
        renders.push({ query: props.query, data: ids(result.data) });
        // Read while rendering, so that the hook follows them.
        void [result.isPlaceholderData, result.error, result.fetchStatus, result.status];
        return result;
      },
      { wrapper: createWrapper(Mode, options), initialProps },
    );
    return { ...rendered, index, embedder, renders };
  }

  test('finds by text, best first, with text and score', async () => {
    const { result } = await setUp({ query: 'mammals of the sea', k: 2 });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    const hits = result.current.data?.hits ?? [];
    expect(hits).toHaveLength(2);
    expect(hits[0]).toMatchObject({ id: 'whale', text: animals[0]?.text });
    expect(hits[0]?.score).toBeGreaterThan(hits[1]?.score ?? 1);
  });

  test('finds by vector, without the embedder', async () => {
    const [embedding] = await hashEmbedder().embed(['moles dig tunnels'], { purpose: 'query' });
    const { result, embedder } = await setUp({ query: embedding?.vector ?? new Float32Array() });
    await waitFor(() => expect(ids(result.current.data)?.[0]).toBe('mole'));
    expect(embedder.calls).toEqual([]);
  });

  test('finds what is like a document', async () => {
    const { result, index } = await setUp({ query: { id: 'twin' }, k: 2, live: false });
    await waitFor(() => expect(result.current.status).not.toBe('pending'));
    await index.insert({ id: 'twin', text: animals[1]?.text });
    await act(async () => {
      await result.current.refetch();
    });
    await waitFor(() => expect(ids(result.current.data)).toContain('hawk'));
  });

  test.each([
    ['an empty text', ''],
    ['a blank text', ' \n'],
    ['skipToken', skipToken],
  ] as const)('asks and shows nothing for %s', async (_name, query) => {
    const { result, embedder } = await setUp({ query });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(result.current).toMatchObject({ status: 'pending', fetchStatus: 'idle' });
    expect(result.current.data).toBeUndefined();
    expect(embedder.calls).toEqual([]);
  });

  test('shows nothing of the last query once the box is cleared', async () => {
    const { result, rerender, renders } = await setUp({ query: 'whales' });
    await waitFor(() => expect(result.current.data).toBeDefined());
    rerender({ query: '' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    rerender({ query: skipToken });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const cleared = renders.filter(({ query }) => query === '' || query === skipToken);
    expect(cleared.length).toBeGreaterThanOrEqual(2);
    expect(cleared.filter(({ data }) => data !== undefined)).toEqual([]);
  });

  test('starts anew after the box was cleared', async () => {
    const { result, rerender, renders, embedder } = await setUp({ query: 'whales', k: 1 });
    await waitFor(() => expect(result.current.data).toBeDefined());
    rerender({ query: '', k: 1 });
    embedder.hold();
    rerender({ query: 'h', k: 1 });
    rerender({ query: 'hawks', k: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    act(() => embedder.release());
    await waitFor(() => expect(ids(result.current.data)).toEqual(['hawk']));
    const typed = renders.filter(({ query }) => query === 'h' || query === 'hawks');
    expect(typed.filter(({ data }) => data?.includes('whale'))).toEqual([]);
  });

  test('a newer query aborts the older one down to the embedder, and its results never show', async () => {
    const { result, rerender, renders, embedder } = await setUp({ query: 'hawks', k: 1 });
    await waitFor(() => expect(ids(result.current.data)).toEqual(['hawk']));

    embedder.hold();
    rerender({ query: 'whales', k: 1 });
    await waitFor(() => expect(embedder.queries()).toContain('whales'));
    rerender({ query: 'moles', k: 1 });
    await waitFor(() => expect(embedder.queries()).toContain('moles'));
    const older = embedder.calls.filter(({ texts }) => texts[0] === 'whales');
    expect(older.every(({ signal }) => signal?.aborted === true)).toBe(true);

    act(() => embedder.release());
    await waitFor(() => expect(ids(result.current.data)).toEqual(['mole']));
    expect(renders.filter(({ data }) => data?.includes('whale'))).toEqual([]);
    expect(renders.filter(({ query, data }) => query === 'hawks' && data?.[0] === 'mole')).toEqual(
      [],
    );
  });

  test('unmounting aborts what was asked', async () => {
    const { unmount, embedder } = await setUp({ query: skipToken });
    unmount();
    const second = await setUp({ query: 'whales' }, heldEmbedder());
    await waitFor(() => expect(second.embedder.wantedQueries()).toEqual(['whales']));
    second.unmount();
    await waitFor(() => expect(second.embedder.wantedQueries()).toEqual([]));
    second.embedder.release();
    expect(embedder.calls).toEqual([]);
  });

  test('keeps the last results as placeholder while the next query runs', async () => {
    const { result, rerender, embedder } = await setUp({ query: 'hawks', k: 1 });
    await waitFor(() => expect(result.current.data).toBeDefined());
    embedder.hold();
    rerender({ query: 'whales', k: 1 });
    expect(result.current).toMatchObject({ isPlaceholderData: true, status: 'success' });
    expect(ids(result.current.data)).toEqual(['hawk']);
    act(() => embedder.release());
    await waitFor(() => expect(result.current.isPlaceholderData).toBe(false));
    expect(ids(result.current.data)).toEqual(['whale']);
  });

  test('keeps nothing while it is switched off', async () => {
    const { result, rerender } = await setUp({ query: 'hawks' });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    rerender({ query: 'ha', enabled: false });
    expect(result.current).toMatchObject({ status: 'pending', data: undefined });
    rerender({ query: 'mole', enabled: true });
    expect(result.current.data).toBeUndefined();
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
  });

  test('keeps nothing of another namespace, nor with keepPrevious off', async () => {
    const { result, rerender, embedder } = await setUp({ query: 'hawks' });
    await waitFor(() => expect(result.current.data).toBeDefined());
    embedder.hold();
    rerender({ query: 'whales', namespace: 'other' });
    expect(result.current.data).toBeUndefined();
    rerender({ query: 'hawks' });
    expect(result.current.data).toBeDefined();
    rerender({ query: 'moles', keepPrevious: false });
    expect(result.current.data).toBeUndefined();
    act(() => embedder.release());
    await waitFor(() => expect(result.current.data).toBeDefined());
  });

  test('follows the index: what is inserted comes, what is removed goes', async () => {
    const { result, index } = await setUp({ query: 'foxes in the snow', k: 1 });
    await waitFor(() => expect(result.current.data).toBeDefined());
    await index.insert({ id: 'fox', text: 'foxes hunt in the snow' });
    await waitFor(() => expect(ids(result.current.data)).toEqual(['fox']));
    await index.remove('fox');
    await waitFor(() => expect(ids(result.current.data)).not.toContain('fox'));
  });

  test('a removed document does not come back from the cache', async () => {
    const { result, rerender, renders, index } = await setUp({
      query: 'whales',
      keepPrevious: false,
    });
    await waitFor(() => expect(ids(result.current.data)).toContain('whale'));
    // Nothing shows the result while the document goes.
    rerender({ query: skipToken });
    await index.remove('whale');
    renders.length = 0;
    rerender({ query: 'whales', keepPrevious: false });
    await waitFor(() => expect(result.current.data).toBeDefined());
    expect(renders.filter(({ data }) => data?.includes('whale'))).toEqual([]);
  });

  test('nor when what showed it leaves right after', async () => {
    const { result, rerender, renders, index } = await setUp({
      query: 'whales',
      keepPrevious: false,
    });
    await waitFor(() => expect(ids(result.current.data)).toContain('whale'));
    await index.remove('whale');
    rerender({ query: skipToken });
    await new Promise((resolve) => setTimeout(resolve, 20));
    renders.length = 0;
    rerender({ query: 'whales', keepPrevious: false });
    await waitFor(() => expect(result.current.data).toBeDefined());
    expect(renders.filter(({ data }) => data?.includes('whale'))).toEqual([]);
  });

  test('asks again at most once in 300 ms while documents stream in', async () => {
    const { result, index, embedder } = await setUp({ query: 'number', k: 50 });
    await waitFor(() => expect(result.current.data).toBeDefined());
    const startedAt = performance.now();
    for (let at = 0; at < 30; at++) await index.insert({ id: `n${at}`, text: `number ${at}` });
    await waitFor(() => expect(result.current.data?.hits).toHaveLength(33));
    const elapsedMs = performance.now() - startedAt;
    // One before the stream, one at its first document, one a window, and one for a window that
    // had begun.
    expect(embedder.queries().length).toBeLessThanOrEqual(Math.ceil(elapsedMs / 300) + 3);
  });

  test('live: false stays with its answer', async () => {
    const { result, index, embedder } = await setUp({ query: 'whales', live: false });
    await waitFor(() => expect(result.current.data).toBeDefined());
    await index.remove('whale');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(ids(result.current.data)).toContain('whale');
    expect(embedder.wantedQueries()).toEqual(['whales']);
  });

  test('fails typed and once, and can be asked again', async () => {
    let isBroken = true;
    const inner = watchedEmbedder();
    const { result } = await setUp(
      { query: 'whales' },
      {
        ...inner,
        embed: (texts, options) =>
          isBroken && options.purpose === 'query'
            ? (inner.calls.push({ texts, ...options }), Promise.reject(new Error('no model')))
            : inner.embed(texts, options),
      },
    );
    await waitFor(() => expect(result.current.isError).toBe(true));
    expect(result.current.error).toBeInstanceOf(VectorIndexError);
    expect(result.current.error?.code).toBe('embed-failed');
    expect(inner.wantedQueries()).toEqual(['whales']);
    isBroken = false;
    await act(async () => {
      await result.current.refetch();
    });
    await waitFor(() => expect(ids(result.current.data)?.[0]).toBe('whale'));
  });

  test('is the query’s own result: what a component does not read does not render it', async () => {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    await index.insert(animals);
    let renders = 0;
    const { result } = renderHook(
      () => {
        renders += 1;
        const query = useSimilar({ query: 'whales', k: 1 });
        return { hits: query.data?.hits };
      },
      { wrapper: createWrapper(Mode, options) },
    );
    await waitFor(() => expect(result.current.hits).toBeDefined());
    const settled = renders;
    // A spread copy would read `isFetching` and `dataUpdatedAt`, and render for them.
    await index.insert({ id: 'ant', text: 'ants carry leaves' });
    await waitFor(() => expect(index.status.get().documentCount).toBe(4));
    await new Promise((resolve) => setTimeout(resolve, 600));
    const extra = renders - settled;
    // The revision is part of the data: one render, twice in StrictMode.
    expect(extra).toBeLessThanOrEqual(Mode === modes[1][1] ? 2 : 1);
  });

  test('select shapes the data, and renders only when its result changes', async () => {
    const { result } = await (async () => {
      const options = testOptions();
      await acquireVectorIndex(options).insert(animals);
      return renderHook(() => useSimilar({ query: 'whales', select: ({ hits }) => hits.length }), {
        wrapper: createWrapper(Mode, options),
      });
    })();
    await waitFor(() => expect(result.current.data).toBe(3));
  });

  test('clearing the query cache loses no data', async () => {
    const options = testOptions();
    await acquireVectorIndex(options).insert(animals);
    const queryClient = new QueryClient();
    const { result } = renderHook(
      () => ({ similar: useSimilar({ query: 'whales', k: 1 }), index: useVectorIndex() }),
      {
        wrapper: ({ children }) => (
          <Mode>
            <VectorIndexProvider {...options} queryClient={queryClient}>
              {children}
            </VectorIndexProvider>
          </Mode>
        ),
      },
    );
    await waitFor(() => expect(ids(result.current.similar.data)).toEqual(['whale']));
    await act(async () => {
      queryClient.clear();
      await queryClient.resetQueries();
    });
    expect(await result.current.index.count()).toBe(3);
    await act(async () => {
      await result.current.similar.refetch();
    });
    await waitFor(() => expect(ids(result.current.similar.data)).toEqual(['whale']));
  });

  test('throws what is missing outside a provider', () => {
    expect(() => renderHook(() => useSimilar({ query: 'x' }))).toThrow(/<VectorIndexProvider/);
  });
});

/** Every query waits until `release`. */
function heldEmbedder(): WatchedEmbedder {
  const embedder = watchedEmbedder();
  return {
    ...embedder,
    embed(texts, options) {
      if (options.purpose === 'query') embedder.hold();
      return embedder.embed(texts, options);
    },
  };
}
