import { skipToken } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import {
  useDocument,
  useDocuments,
  useNamespaces,
  useUpdate,
  type UseDocumentOptions,
  type UseDocumentsOptions,
} from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { watchedEmbedder } from './watched-embedder.ts';
import { createWrapper, modes } from './wrapper.tsx';

const notes = Array.from({ length: 25 }, (_, at) => ({
  id: `n${String(at).padStart(2, '0')}`,
  text: `note ${at}`,
  metadata: { at },
}));

describe.each(modes)('documents %s', (_, Mode) => {
  async function setUp() {
    const embedder = watchedEmbedder();
    const options = testOptions(embedder);
    const index = acquireVectorIndex(options);
    await index.insert(notes);
    embedder.calls.length = 0;
    return { index, embedder, wrapper: createWrapper(Mode, options) };
  }

  // Hooks follow what is read while rendering.
  async function renderDocument(initialProps: UseDocumentOptions) {
    const set = await setUp();
    const rendered = renderHook(
      (props: UseDocumentOptions) => {
        const document = useDocument(props);
        void [document.data, document.dataUpdatedAt];
        return document;
      },
      { initialProps, wrapper: set.wrapper },
    );
    return { ...set, ...rendered };
  }
  async function renderDocuments(initialProps?: UseDocumentsOptions) {
    const set = await setUp();
    const rendered = renderHook(
      (props?: UseDocumentsOptions) => {
        const listing = useDocuments(props);
        void listing.data;
        return listing;
      },
      { wrapper: set.wrapper, ...(initialProps && { initialProps }) },
    );
    return { ...set, ...rendered };
  }

  test('useDocument gives one document, with its vector if asked', async () => {
    const { result, rerender } = await renderDocument({ id: 'n03' });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(result.current.data).toMatchObject({ id: 'n03', text: 'note 3', metadata: { at: 3 } });
    expect(result.current.data).not.toHaveProperty('vector');
    rerender({ id: 'n03', vector: true });
    await waitFor(() => expect(result.current.data?.vector).toBeInstanceOf(Float32Array));
  });

  test('useDocument says that there is none, and sees it come and go', async () => {
    const { result, index } = await renderDocument({ id: 'later' });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(result.current.data).toBeNull();
    await act(() => index.insert({ id: 'later', text: 'here now' }));
    await waitFor(() => expect(result.current.data?.text).toBe('here now'));
    await act(() => index.remove('later'));
    await waitFor(() => expect(result.current.data).toBeNull());
  });

  test('useDocument keeps to its namespace, and asks nothing for skipToken', async () => {
    const { result, rerender } = await renderDocument({ id: skipToken });
    expect(result.current).toMatchObject({ status: 'pending', fetchStatus: 'idle' });
    rerender({ id: 'n03', namespace: 'other' });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(result.current.data).toBeNull();
  });

  test('a document that did not change is the same object after a change of others', async () => {
    const { result, index } = await renderDocument({ id: 'n03' });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    const before = result.current.data;
    const { dataUpdatedAt } = result.current;
    await act(() => index.insert({ id: 'another', text: 'unrelated' }));
    await waitFor(() => expect(result.current.dataUpdatedAt).toBeGreaterThan(dataUpdatedAt));
    expect(result.current.data).toBe(before);
  });

  test('what nothing showed while it was removed does not come back', async () => {
    const set = await setUp();
    const initialProps: { readonly id: string | null } = { id: 'n03' };
    const { result, rerender } = renderHook(
      ({ id }: { readonly id: string | null }) => useDocument({ id: id ?? skipToken }),
      { initialProps, wrapper: set.wrapper },
    );
    await waitFor(() => expect(result.current.data?.id).toBe('n03'));
    rerender({ id: null });
    await act(() => set.index.remove('n03'));
    rerender({ id: 'n03' });
    expect(result.current.data).toBeUndefined();
    await waitFor(() => expect(result.current.data).toBeNull());
  });

  test('useDocuments lists page by page, in id order, with the count', async () => {
    const { result } = await renderDocuments({ pageSize: 10 });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    const ids = () => result.current.data?.documents.map(({ id }) => id);
    expect(result.current.data?.count).toBe(25);
    expect(ids()).toEqual(notes.slice(0, 10).map(({ id }) => id));
    for (const loaded of [20, 25]) {
      expect(result.current.hasNextPage).toBe(true);
      await act(async () => void (await result.current.fetchNextPage()));
      await waitFor(() => expect(ids()).toEqual(notes.slice(0, loaded).map(({ id }) => id)));
    }
    expect(result.current.hasNextPage).toBe(false);
  });

  test('useDocuments has no page after one that is exactly full', async () => {
    const { result } = await renderDocuments({ pageSize: 25 });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(result.current.data?.documents).toHaveLength(25);
    expect(result.current.hasNextPage).toBe(false);
  });

  test('useDocuments lists what a filter lets through', async () => {
    const { result, rerender, index } = await renderDocuments({ filter: { at: { lt: 3 } } });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(result.current.data).toMatchObject({ count: 3, documents: notes.slice(0, 3) });
    await act(() => index.insert({ id: 'n01', metadata: { at: 100 } }));
    await waitFor(() => expect(result.current.data?.count).toBe(2));
    rerender({ filter: { at: undefined } as never });
    await waitFor(() => expect(result.current.error?.code).toBe('invalid-input'));
  });

  test('useDocuments follows inserts and removals on all its pages', async () => {
    const { result, index } = await renderDocuments({ pageSize: 20 });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    await act(async () => void (await result.current.fetchNextPage()));
    await waitFor(() => expect(result.current.data?.documents).toHaveLength(25));
    await act(() => index.remove(['n00', 'n24']));
    await waitFor(() => expect(result.current.data?.documents).toHaveLength(23));
    expect(result.current.data?.count).toBe(23);
    await act(() => index.insert({ id: 'n99', text: 'last' }));
    await waitFor(() => expect(result.current.data?.documents.at(-1)?.id).toBe('n99'));
  });

  test('useNamespaces lists what holds documents, and follows', async () => {
    const { wrapper, index } = await setUp();
    await index.insert([
      { id: 'a', text: 'apples', namespace: 'b' },
      { id: 'a', text: 'apples', namespace: 'a' },
    ]);
    const { result } = renderHook(
      () => {
        const listing = useNamespaces();
        void listing.data;
        return listing;
      },
      { wrapper },
    );
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    const info = (namespace: string, documentCount: number) => ({
      namespace,
      documentCount,
      bytes: null,
    });
    expect(result.current.data).toEqual([info('a', 1), info('b', 1), info('default', 25)]);
    await act(() => index.remove({ namespace: 'b' }));
    await waitFor(() => expect(result.current.data).toEqual([info('a', 1), info('default', 25)]));
  });

  test('useNamespaces measures what they take', async () => {
    const { wrapper, index } = await setUp();
    await index.insert({ id: 'long', text: 'x'.repeat(10_000), namespace: 'large' });
    const { result } = renderHook(() => useNamespaces({ bytes: true }), { wrapper });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    const bytes = result.current.data?.map((found) => found.bytes ?? 0) ?? [];
    // 25 vectors, and one with 10,000 letters.
    expect(bytes[0]).toBeGreaterThan(25 * index.dimensions * 4);
    expect(bytes[0]).toBeLessThan(25 * (index.dimensions * 4 + 500));
    expect(bytes[1]).toBeGreaterThan(10_000);
    expect(bytes[1]).toBeLessThan(10_000 + index.dimensions * 4 + 500);
  });

  test('useUpdate changes metadata without embedding, and what shows it follows', async () => {
    const { wrapper, embedder, index } = await setUp();
    const { result } = renderHook(
      () => {
        const document = useDocument({ id: 'n03' });
        void document.data;
        return { update: useUpdate(), document };
      },
      { wrapper },
    );
    await waitFor(() => expect(result.current.document.isSuccess).toBe(true));
    const before = await index.get('n03', { vector: true });
    const done = await act(() =>
      result.current.update.mutateAsync([
        { id: 'n03', metadata: { pinned: true } },
        { id: 'n04', metadata: { pinned: false } },
      ]),
    );
    expect(done).toMatchObject({ inserted: 0, updated: 2 });
    await waitFor(() => expect(result.current.document.data?.metadata).toEqual({ pinned: true }));
    const after = await index.get('n03', { vector: true });
    expect([after?.text, after?.vector]).toEqual([before?.text, before?.vector]);
    expect(embedder.calls).toEqual([]);
  });

  test('useUpdate of a document that is not there is an error', async () => {
    const { wrapper, index } = await setUp();
    const { result } = renderHook(() => useUpdate(), { wrapper });
    act(() => result.current.mutate({ id: 'nobody', metadata: {} }));
    await waitFor(() => expect(result.current.error?.code).toBe('invalid-input'));
    expect(await index.count()).toBe(25);
  });
});
