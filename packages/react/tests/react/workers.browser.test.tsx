import { act, render, renderHook, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { UNUSED_GRACE_MS } from '../../src/core/registry.ts';
import { useSimilar, useVectorIndex, VectorIndexProvider } from '../../src/index.ts';
import { killWorkers, liveWorkers, testOptions, workerCount } from './test-index.ts';
import { createWrapper, modes } from './wrapper.tsx';

function Count() {
  const { data } = useSimilar({ query: 'apples' });
  return <p>{data === undefined ? '…' : `${data.hits.length} found`}</p>;
}

describe.each(modes)('index workers %s', (_, Mode) => {
  afterEach(() => vi.useRealTimers());

  test('one, however many components use the index', async () => {
    const options = testOptions();
    const started = workerCount.started;
    await acquireVectorIndex(options).insert({ id: 'a', text: 'apples' });
    render(
      <Mode>
        <VectorIndexProvider {...options}>
          <Count />
          <Count />
        </VectorIndexProvider>
        <VectorIndexProvider {...options}>
          <Count />
        </VectorIndexProvider>
      </Mode>,
    );
    await waitFor(() => expect(screen.getAllByText('1 found')).toHaveLength(3));
    expect([liveWorkers.size, workerCount.started - started]).toEqual([1, 1]);
  });

  test('none is started by rendering alone', () => {
    const started = workerCount.started;
    const { unmount } = renderHook(() => useVectorIndex(), {
      wrapper: createWrapper(Mode, testOptions()),
    });
    unmount();
    expect(workerCount.started).toBe(started);
  });

  test('mounting and unmounting fifty times starts no second one', async () => {
    const options = testOptions();
    const started = workerCount.started;
    const wrapper = createWrapper(Mode, options);
    await acquireVectorIndex(options).ready();
    for (let at = 0; at < 50; at++) {
      renderHook(() => useSimilar({ query: `apples ${at}` }), { wrapper }).unmount();
    }
    expect([liveWorkers.size, workerCount.started - started]).toEqual([1, 1]);
  });

  test('none is left after the grace period, and the next use starts one again', async () => {
    const options = testOptions();
    const { result, unmount } = renderHook(() => useVectorIndex(), {
      wrapper: createWrapper(Mode, options),
    });
    const index = result.current;
    await index.insert({ id: 'a', text: 'apples' });
    expect(liveWorkers.size).toBe(1);

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    unmount();
    await vi.advanceTimersByTimeAsync(UNUSED_GRACE_MS - 1);
    expect(liveWorkers.size).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    await waitFor(() => expect(liveWorkers.size).toBe(0));

    expect(await index.count()).toBe(1);
    expect(liveWorkers.size).toBe(1);
  });

  test('remounting within the grace period keeps it', async () => {
    const options = testOptions();
    const wrapper = createWrapper(Mode, options);
    const first = renderHook(() => useVectorIndex(), { wrapper });
    await first.result.current.ready();
    const started = workerCount.started;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    first.unmount();
    await vi.advanceTimersByTimeAsync(UNUSED_GRACE_MS / 2);
    renderHook(() => useVectorIndex(), { wrapper });
    await vi.advanceTimersByTimeAsync(UNUSED_GRACE_MS * 2);
    vi.useRealTimers();
    expect([liveWorkers.size, workerCount.started - started]).toEqual([1, 0]);
  });

  test('killed, it is replaced, and what was asked is answered', { timeout: 30_000 }, async () => {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    await index.insert([
      { id: 'a', text: 'apples' },
      { id: 'b', text: 'boats' },
    ]);
    const { result, rerender } = renderHook(
      ({ query }: { query: string }) => useSimilar({ query, k: 1 }),
      { wrapper: createWrapper(Mode, options), initialProps: { query: 'apples' } },
    );
    await waitFor(() => expect(result.current.data?.hits[0]?.id).toBe('a'));
    const started = workerCount.started;

    killWorkers();
    rerender({ query: 'boats' });
    // Results that were there stay until the new worker answers.
    expect(result.current.data?.hits[0]?.id).toBe('a');
    await waitFor(() => expect(result.current.data?.hits[0]?.id).toBe('b'), { timeout: 20_000 });
    expect(result.current.isError).toBe(false);
    expect([liveWorkers.size, workerCount.started - started]).toEqual([1, 1]);
    expect(await act(() => index.count())).toBe(2);
  });
});
