import { skipToken } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { useChatMemory, useRecall, type ForgetReceipt } from '../../src/index.ts';
import { testOptions } from '../react/test-index.ts';
import { watchedEmbedder } from '../react/watched-embedder.ts';
import { createWrapper, modes } from '../react/wrapper.tsx';

const told = [
  { id: '1', role: 'user', text: 'my dog is called Pepper' },
  { id: '2', role: 'user', text: 'the deadline is in March' },
] as const;

interface Props {
  readonly query: string | typeof skipToken;
  readonly namespace?: string;
  readonly exclude?: readonly string[];
}

describe.each(modes)('useChatMemory and useRecall %s', (_, Mode) => {
  async function setUp(initialProps: Props) {
    const embedder = watchedEmbedder();
    const shown: (readonly string[] | undefined)[] = [];
    const rendered = renderHook(
      ({ query, namespace = 'ann', exclude }: Props) => {
        const chat = useChatMemory({ namespace: 'ann', threadId: 'monday' });
        const recall = useRecall({ namespace, query, exclude });
        shown.push(recall.data?.map(({ id }) => id));
        return { ...chat, recall };
      },
      { wrapper: createWrapper(Mode, testOptions(embedder)), initialProps },
    );
    await act(() => rendered.result.current.remember.mutateAsync(told));
    embedder.calls.length = 0;
    return { ...rendered, embedder, shown };
  }

  test('recalls, follows what is remembered, and lets go of what is forgotten', async () => {
    const { result } = await setUp({ query: 'what is my dog called' });
    await waitFor(() => expect(result.current.recall.data?.[0]?.id).toBe('1'));

    await act(() =>
      result.current.remember.mutateAsync({
        id: '3',
        role: 'user',
        text: 'what a dog is called matters',
      }),
    );
    await waitFor(() => expect(result.current.recall.data?.map(({ id }) => id)).toContain('3'));

    let receipt: ForgetReceipt | undefined;
    await act(async () => {
      receipt = await result.current.forget.mutateAsync({ id: '1' });
    });
    await waitFor(() => expect(result.current.recall.data?.map(({ id }) => id)).not.toContain('1'));
    await act(async () => receipt?.undo());
    await waitFor(() => expect(result.current.recall.data?.map(({ id }) => id)).toContain('1'));
  });

  test('what was forgotten does not flash when the same is asked again', async () => {
    const { result, rerender, shown } = await setUp({ query: 'what is my dog called' });
    await waitFor(() => expect(result.current.recall.data?.[0]?.id).toBe('1'));
    rerender({ query: skipToken });
    await act(() => result.current.forget.mutateAsync({ id: '1' }));
    shown.length = 0;
    rerender({ query: 'what is my dog called' });
    await waitFor(() => expect(result.current.recall.data).toBeDefined());
    expect(shown.filter((ids) => ids?.includes('1'))).toEqual([]);
  });

  test('a blank draft recalls nothing, and shows nothing of the last one', async () => {
    const { result, rerender, embedder } = await setUp({ query: 'dog' });
    await waitFor(() => expect(result.current.recall.data).toBeDefined());
    const asked = embedder.queries().length;
    for (const query of ['', '  ', skipToken] as const) {
      rerender({ query });
      expect(result.current.recall).toMatchObject({ data: undefined, fetchStatus: 'idle' });
    }
    expect(embedder.queries()).toHaveLength(asked);
  });

  test('nothing of an earlier question stands in for the next', async () => {
    const { result, rerender, embedder } = await setUp({ query: 'what is my dog called' });
    await waitFor(() => expect(result.current.recall.data).toBeDefined());
    embedder.hold();
    rerender({ query: 'when is the deadline' });
    expect(result.current.recall.data).toBeUndefined();
    act(() => embedder.release());
    await waitFor(() => expect(result.current.recall.data?.[0]?.id).toBe('2'));
  });

  test('excluding more as a conversation grows asks nothing anew', async () => {
    const query = 'what is my dog called';
    const { result, rerender, embedder } = await setUp({ query, exclude: ['x'] });
    await waitFor(() => expect(result.current.recall.data?.[0]?.id).toBe('1'));
    const asked = embedder.queries().length;
    rerender({ query, exclude: ['x', '1'] });
    expect(result.current.recall.data?.map(({ id }) => id)).not.toContain('1');
    rerender({ query, exclude: ['x', 'y'] });
    expect(result.current.recall.data?.[0]?.id).toBe('1');
    expect(embedder.queries()).toHaveLength(asked);
  });

  test('another namespace sees nothing of this one', async () => {
    const { result, rerender } = await setUp({ query: 'what is my dog called' });
    await waitFor(() => expect(result.current.recall.data).toHaveLength(1));
    rerender({ query: 'what is my dog called', namespace: 'ben' });
    expect(result.current.recall.data).toBeUndefined();
    await waitFor(() => expect(result.current.recall.data).toEqual([]));
  });

  test('the memory is the same object until its namespace or conversation changes', () => {
    const { result, rerender } = renderHook(
      ({ threadId }) => useChatMemory({ namespace: 'ann', threadId }).memory,
      { wrapper: createWrapper(Mode, testOptions()), initialProps: { threadId: 'monday' } },
    );
    const first = result.current;
    rerender({ threadId: 'monday' });
    expect(result.current).toBe(first);
    rerender({ threadId: 'tuesday' });
    expect(result.current).not.toBe(first);
    expect(result.current.threadId).toBe('tuesday');
  });
});
