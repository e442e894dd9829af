import { expect, test, vi } from 'vitest';
import { createInsertTally } from '../../src/core/insert-progress.ts';
import { createStatusStore, initialIndexStatus } from '../../src/core/status.ts';
import type { Embedder, EmbedderStatus } from '../../src/core/types.ts';

function createEmbedder() {
  let status: EmbedderStatus = { state: 'idle' };
  const listeners = new Set<() => void>();
  const embedder: Embedder = {
    id: 'e',
    dimensions: 1,
    embed: () => Promise.reject(new Error('unused')),
    status: {
      get: () => status,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
  return {
    embedder,
    listeners,
    set: (next: EmbedderStatus) => {
      status = next;
      for (const listener of [...listeners]) listener();
    },
  };
}

test('a new object only when something differs', () => {
  const store = createStatusStore(initialIndexStatus, undefined);
  const listener = vi.fn();
  store.subscribe(listener);
  const first = store.get();
  store.set({ revision: 0, storage: { ...initialIndexStatus.storage } });
  expect(store.get()).toBe(first);
  expect(listener).not.toHaveBeenCalled();
  store.set({ revision: 1 });
  expect(store.get()).not.toBe(first);
  expect(store.get().storage).toBe(first.storage);
  expect(listener).toHaveBeenCalledOnce();
});

test('one listener given twice is told twice, and leaves one at a time', () => {
  const store = createStatusStore(initialIndexStatus, undefined);
  const listener = vi.fn();
  const leave = store.subscribe(listener);
  store.subscribe(listener);
  store.set({ revision: 1 });
  expect(listener).toHaveBeenCalledTimes(2);
  leave();
  leave();
  store.set({ revision: 2 });
  expect(listener).toHaveBeenCalledTimes(3);
});

test("the embedder's status is woven in, and followed only while somebody listens", () => {
  const { embedder, listeners, set } = createEmbedder();
  const store = createStatusStore(initialIndexStatus, embedder);
  expect(listeners.size).toBe(0);
  expect(store.get().embedder).toEqual({ state: 'idle' });
  expect(store.get()).toBe(store.get());

  const seen: (string | undefined)[] = [];
  const leave = store.subscribe(() => seen.push(store.get().embedder?.state));
  set({ state: 'loading', loadedBytes: 1, totalBytes: null });
  set({ state: 'loading', loadedBytes: 1, totalBytes: null });
  set({ state: 'ready' });
  expect(seen).toEqual(['loading', 'ready']);
  leave();
  expect(listeners.size).toBe(0);
});

test('listeners are told of what somebody has read before them', () => {
  const { embedder, listeners, set } = createEmbedder();
  const store = createStatusStore(initialIndexStatus, embedder);
  // Hears of the embedder first, as a component that uses both may.
  listeners.add(() => store.get());
  const listener = vi.fn();
  store.subscribe(listener);
  set({ state: 'ready' });
  expect(listener).toHaveBeenCalledOnce();
});

test('inserts are summed, and the sum does not fall before the last ends', () => {
  const sums: (string | null)[] = [];
  const tally = createInsertTally((sum) => sums.push(sum && `${sum.done}/${sum.total}`));
  const first = tally.begin(10);
  first.advance(10);
  const second = tally.begin(20);
  expect(second.advance(5)).toEqual({ done: 5, total: 20 });
  first.end();
  second.advance(5);
  second.end();
  expect(sums).toEqual(['0/10', '10/10', '10/30', '15/30', '15/30', '20/30', null]);
});
