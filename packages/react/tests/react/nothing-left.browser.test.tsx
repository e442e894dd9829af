import { deleteDatabase, heldResources } from './held-resources.ts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { UNUSED_GRACE_MS } from '../../src/core/registry.ts';
import { cacheMs } from '../../src/react/local-query.ts';
import { useSimilar, useVectorIndexStatus, VectorIndexProvider } from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { modes } from './wrapper.tsx';

/** `npm run test:long` asks for more. */
const mounts = Number(import.meta.env['VITE_AKIN_MOUNTS'] ?? 60);

/** Longer than everything that goes on for a while without its users. */
const forgottenMs = Math.max(UNUSED_GRACE_MS, cacheMs) * 2;

const realSetTimeout = globalThis.setTimeout.bind(globalThis);

function Found() {
  const { data } = useSimilar({ query: 'apples', k: 1 });
  const count = useVectorIndexStatus((status) => status.documentCount);
  return <p>{data === undefined ? '…' : `${data.hits.length} of ${count}`}</p>;
}

describe.each(modes)('mounted and unmounted %s', (_, Mode) => {
  afterEach(() => vi.useRealTimers());

  test.each(['the app', 'the provider'] as const)(
    'nothing is left behind, with the query client of %s',
    { timeout: 240_000 },
    async (whose) => {
      const names = [testOptions(), testOptions(), testOptions()];
      const queryClient = new QueryClient();
      const app = (round: number) => {
        const inner = (
          <VectorIndexProvider {...names[round % names.length]!}>
            <Found />
          </VectorIndexProvider>
        );
        return (
          <Mode>
            {whose === 'the provider' ? (
              inner
            ) : (
              <QueryClientProvider client={queryClient}>{inner}</QueryClientProvider>
            )}
          </Mode>
        );
      };
      const indexes = names.map((options) => acquireVectorIndex(options));
      const subscribers = indexes.map((index) => countSubscribers(index.status));
      const before = await heldResources();

      for (const index of indexes) await index.insert({ id: 'a', text: 'apples' });
      expect((await heldResources()).workers).toBe(before.workers + names.length);

      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      for (let round = 0; round < mounts; round++) {
        const { container, unmount } = render(app(round));
        // The first are answered, others still ask when they go, most are gone at once.
        if (round < names.length) await answered(container);
        else if (round % 3 === 0) await act(() => vi.advanceTimersByTimeAsync(1));
        unmount();
      }
      expect((await heldResources()).workers).toBe(before.workers + names.length);

      // What was asked last may still be on its way when its grace period ends, and gets another.
      for (let waitedMs = 0; waitedMs < forgottenMs; waitedMs += 10_000) {
        await vi.advanceTimersByTimeAsync(10_000);
      }
      vi.useRealTimers();
      await vi.waitFor(async () => expect(await heldResources()).toEqual(before));
      expect(subscribers.map((count) => count())).toEqual(names.map(() => 0));
      for (const { name } of names) expect(await deleteDatabase(name)).toBe('deleted');
    },
  );
});

/** Waits while the page's timers stand still: the worker's do not. */
async function answered(container: Element): Promise<void> {
  while (container.textContent !== '1 of 1') {
    await act(() => vi.advanceTimersByTimeAsync(1));
    await new Promise((resolve) => realSetTimeout(resolve, 5));
  }
}

/** How many listen to a status from now on. */
function countSubscribers(status: { subscribe(listener: () => void): () => void }): () => number {
  const open = new Set<symbol>();
  const subscribe = status.subscribe.bind(status);
  status.subscribe = (listener) => {
    const own = Symbol();
    open.add(own);
    const unsubscribe = subscribe(listener);
    return () => {
      open.delete(own);
      unsubscribe();
    };
  };
  return () => open.size;
}
