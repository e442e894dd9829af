import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import {
  useDocuments,
  useInsert,
  usePendingDocuments,
  useRemove,
  useVectorIndex,
  type InsertProgress,
} from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { watchedEmbedder } from './watched-embedder.ts';
import { createWrapper, modes } from './wrapper.tsx';

const many = Array.from({ length: 100 }, (_, at) => ({ id: `n${at}`, text: `number ${at}` }));

describe.each(modes)('useInsert and useRemove %s', (_, Mode) => {
  function setUp(embedder = watchedEmbedder()) {
    const rendered = renderHook(
      () => ({ insert: useInsert(), remove: useRemove(), index: useVectorIndex() }),
      { wrapper: createWrapper(Mode, testOptions(embedder)) },
    );
    return { ...rendered, embedder };
  }

  test('inserts one document, and replaces the one of the same id', async () => {
    const { result } = setUp();
    act(() => result.current.insert.mutate({ id: 'a', text: 'apples' }));
    await waitFor(() => expect(result.current.insert.isSuccess).toBe(true));
    expect(result.current.insert.data).toMatchObject({ inserted: 1, updated: 0 });

    act(() => result.current.insert.mutate({ id: 'a', text: 'pears' }));
    await waitFor(() => expect(result.current.insert.data?.updated).toBe(1));
    expect(await result.current.index.count()).toBe(1);
    expect((await result.current.index.get('a'))?.text).toBe('pears');
  });

  test('what did not change is not embedded again', async () => {
    const { result, embedder } = setUp();
    await act(() => result.current.insert.mutateAsync({ id: 'a', text: 'apples' }));
    embedder.calls.length = 0;
    const again = await act(() => result.current.insert.mutateAsync({ id: 'a', text: 'apples' }));
    expect(again).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
    expect(embedder.calls).toEqual([]);
  });

  test('tells the progress of many, which never goes back and ends at the end', async () => {
    const { result } = setUp();
    const progress: InsertProgress[] = [];
    await act(() =>
      result.current.insert.mutateAsync({
        documents: many,
        onProgress: (step) => progress.push(step),
      }),
    );
    const done = progress.map((step) => step.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toEqual({ done: 100, total: 100 });
  });

  test('a signal stops it; what was stored stays and can be found', async () => {
    const { result } = setUp();
    const controller = new AbortController();
    let done = 0;
    act(() =>
      result.current.insert.mutate({
        documents: many,
        signal: controller.signal,
        onProgress: (step) => {
          done = step.done;
          controller.abort();
        },
      }),
    );
    await waitFor(() => expect(result.current.insert.isError).toBe(true));
    expect(result.current.insert.error?.code).toBe('aborted');
    expect(done).toBeGreaterThan(0);
    expect(await result.current.index.count()).toBe(done);
    expect(done).toBeLessThan(100);
  });

  test('keeps nobody busy while it waits, though what began it is gone', async () => {
    const { result, embedder, unmount } = setUp();
    const { index } = result.current;
    embedder.hold();
    act(() => result.current.insert.mutate({ id: 'a', text: 'apples' }));
    await waitFor(() => expect(embedder.calls).toHaveLength(1));
    unmount();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const started = timers.mock.calls.length;
    timers.mockRestore();
    embedder.release();
    expect(started).toBeLessThan(20);
    await waitFor(async () => expect(await index.count()).toBe(1));
  });

  test('what is saved is pending or listed, at any time', async () => {
    const seen: boolean[] = [];
    const { result } = renderHook(
      () => {
        const { data } = useDocuments();
        const pending = usePendingDocuments();
        const insert = useInsert();
        const ids = [...(data?.documents ?? []), ...pending].map(({ id }) => id);
        if (!insert.isIdle) seen.push(ids.includes((insert.variables as { id: string }).id));
        return { insert, data, pending };
      },
      { wrapper: createWrapper(Mode, testOptions(watchedEmbedder())) },
    );
    await waitFor(() => expect(result.current.data?.count).toBe(0));
    // Soon after one another: lists that follow the index are read again now and then only.
    for (const id of ['a', 'b', 'c']) {
      await act(() => result.current.insert.mutateAsync({ id, text: id }));
    }
    await waitFor(() => expect(result.current.data?.count).toBe(3));
    expect(result.current.pending).toEqual([]);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).not.toContain(false);
  });

  test('what is handed over twice is pending once, as it was last', async () => {
    const embedder = watchedEmbedder();
    const { result } = renderHook(() => ({ insert: useInsert(), pending: usePendingDocuments() }), {
      wrapper: createWrapper(Mode, testOptions(embedder)),
    });
    embedder.hold();
    act(() => result.current.insert.mutate({ id: 'a', text: 'first' }));
    act(() =>
      result.current.insert.mutate([
        { id: 'b', text: 'other' },
        { id: 'a', text: 'second' },
      ]),
    );
    await waitFor(() =>
      expect(result.current.pending.map(({ id, text }) => [id, text])).toEqual([
        ['a', 'second'],
        ['b', 'other'],
      ]),
    );
    embedder.release();
    await waitFor(() => expect(result.current.pending).toEqual([]));
  });

  test('what is being inserted is pending until it is stored or has failed', async () => {
    const embedder = watchedEmbedder();
    embedder.hold();
    const { result } = renderHook(
      () => ({
        insert: useInsert(),
        pending: usePendingDocuments(),
        elsewhere: usePendingDocuments({ namespace: 'other' }),
        index: useVectorIndex(),
      }),
      { wrapper: createWrapper(Mode, testOptions(embedder)) },
    );
    const ids = () => result.current.pending.map(({ id }) => id);
    expect(ids()).toEqual([]);
    act(() =>
      result.current.insert.mutate([
        { id: 'a', text: 'apples', metadata: { kind: 'fruit' } },
        { id: 'b', text: 'bread', namespace: 'other' },
      ]),
    );
    await waitFor(() => expect(ids()).toEqual(['a']));
    expect(result.current.pending[0]).toEqual({
      id: 'a',
      text: 'apples',
      metadata: { kind: 'fruit' },
    });
    expect(result.current.elsewhere).toHaveLength(1);
    expect(await result.current.index.get('a')).toBeUndefined();
    act(() => embedder.release());
    await waitFor(() => expect(ids()).toEqual([]));
    expect(await result.current.index.get('a')).toBeDefined();

    act(() => result.current.insert.mutate({ id: '', text: 'refused' }));
    await waitFor(() => expect(result.current.insert.isError).toBe(true));
    expect(ids()).toEqual([]);
  });

  test('a mistake of the caller is a typed error', async () => {
    const { result } = setUp();
    act(() => result.current.insert.mutate({ id: '', text: 'apples' }));
    await waitFor(() => expect(result.current.insert.error?.code).toBe('invalid-input'));
  });

  test.each([
    ['no document', null],
    ['a text', 'apples'],
    ['a list with a gap', [null, { id: 'a', text: 'apples' }]],
    ['documents that are no list', { documents: { apples: 1 } }],
    ['no id', { text: 'apples' }],
  ])('%s is a typed error, also while it is pending', async (_, given) => {
    const { result } = renderHook(
      () => ({ insert: useInsert(), pending: usePendingDocuments(), index: useVectorIndex() }),
      { wrapper: createWrapper(Mode, testOptions()) },
    );
    act(() => result.current.insert.mutate(given as never));
    await waitFor(() => expect(result.current.insert.isError).toBe(true));
    expect(result.current.insert.error?.code).toBe('invalid-input');
    expect(result.current.pending).toEqual([]);
    expect(await result.current.index.count()).toBe(0);
  });

  test.each([undefined, null, 3, { ids: 'a' }, [null]])(
    'to remove %j is a typed error',
    async (given) => {
      const { result } = setUp();
      act(() => result.current.remove.mutate(given as never));
      await waitFor(() => expect(result.current.remove.error?.code).toBe('invalid-input'));
    },
  );

  test('removes one, several, and a namespace, and says how many there were', async () => {
    const { result } = setUp();
    const { insert, remove, index } = result.current;
    await act(() => insert.mutateAsync(many));
    await act(() => insert.mutateAsync({ id: 'n1', text: 'elsewhere', namespace: 'other' }));
    expect(await act(() => remove.mutateAsync('n1'))).toBe(1);
    expect(await act(() => remove.mutateAsync(['n1', 'n2', 'n3']))).toBe(2);
    expect(await index.count('other')).toBe(1);
    expect(await act(() => remove.mutateAsync({ namespace: 'other' }))).toBe(1);
    expect([await index.count(), await index.count('other')]).toEqual([97, 0]);
  });
});
