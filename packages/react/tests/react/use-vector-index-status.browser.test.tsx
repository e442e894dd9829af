import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { useVectorIndexStatus, type IndexStatus } from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { createWrapper, modes } from './wrapper.tsx';

const many = Array.from({ length: 60 }, (_, at) => ({ id: `n${at}`, text: `number ${at}` }));

describe.each(modes)('useVectorIndexStatus %s', (_, Mode) => {
  function setUp<T>(select: (status: IndexStatus) => T) {
    const options = testOptions();
    const values: T[] = [];
    const rendered = renderHook(
      () => {
        const value = useVectorIndexStatus(select);
        values.push(value);
        return value;
      },
      { wrapper: createWrapper(Mode, options) },
    );
    return { ...rendered, values, index: acquireVectorIndex(options) };
  }

  /** Renders that were not caused by a new value: StrictMode renders twice each time. */
  const idle = (values: readonly unknown[]) => {
    const changes = values.filter((value, at) => at === 0 || !Object.is(value, values[at - 1]));
    return values.length - changes.length * (Mode === modes[1][1] ? 2 : 1);
  };

  test('renders for what it picks, and for nothing else', async () => {
    const { result, values, index } = setUp(({ state }) => state);
    expect(result.current).toBe('idle');
    await act(() => index.ready());
    await waitFor(() => expect(result.current).toBe('ready'));
    const settled = values.length;
    let changes = 0;
    const unsubscribe = index.status.subscribe(() => (changes += 1));
    await act(() => index.insert(many));
    unsubscribe();
    expect(changes).toBeGreaterThan(5);
    expect(values.length).toBe(settled);
    expect(idle(values)).toBe(0);
  });

  test('follows the progress of an insert to its end', async () => {
    const { values, result, index } = setUp(({ insert }) => insert?.done ?? null);
    // Within `act`, React 18 would render nothing before the end.
    const inserted = index.insert(many);
    await waitFor(() => expect(values.some((value) => value !== null)).toBe(true));
    await waitFor(() => expect(result.current).toBeNull());
    await inserted;
    const done = values.filter((value) => value !== null);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.length).toBeGreaterThan(0);
    expect(idle(values)).toBe(0);
  });

  test('a selector may build an object: it renders once a change, not for ever', async () => {
    const { result, index, values } = setUp(({ documentCount, state }) => ({
      documentCount,
      state,
    }));
    await act(() => index.insert(many));
    await waitFor(() => expect(result.current.documentCount).toBe(60));
    // What the browser says of its storage may follow later.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(values.length).toBeLessThan(60);
  });

  test('without a selector it is the whole status', async () => {
    const options = testOptions();
    const { result } = renderHook(() => useVectorIndexStatus(), {
      wrapper: createWrapper(Mode, options),
    });
    const index = acquireVectorIndex(options);
    expect(result.current).toMatchObject({ state: 'idle', documentCount: 0, error: null });
    await act(() => index.insert(many));
    await waitFor(() => expect(result.current).toBe(index.status.get()));
    expect(result.current).toMatchObject({ state: 'ready', documentCount: 60, insert: null });
    expect(result.current.storage.kind).toBe('indexeddb');
    expect(result.current.memoryBytes).toBeGreaterThan(0);
  });
});
