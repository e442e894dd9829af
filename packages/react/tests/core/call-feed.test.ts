import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCallFeed, type IndexCall } from '../../src/core/call-feed.ts';
import { VectorIndexError } from '../../src/core/errors.ts';
import { inspectable } from '../../src/core/inspect.ts';
import type { VectorIndex } from '../../src/core/types.ts';
import { subjectOf } from '../../src/devtools/call-subject.ts';
import { createTestVectorIndex } from '../../src/testing/index.ts';
import { createFakeClock } from './fake-clock.ts';

const open: VectorIndex[] = [];
afterEach(() => Promise.all(open.splice(0).map((index) => index.close())));

function observed() {
  const index = createTestVectorIndex();
  open.push(index);
  const calls: (ReturnType<typeof subjectOf> &
    Pick<IndexCall, 'startedAt' | 'durationMs' | 'error' | 'signal'>)[] = [];
  const stop = inspectable(index)?.observe((call) => {
    const { startedAt, durationMs, error, signal } = call;
    calls.push({ ...subjectOf(call), startedAt, durationMs, error, signal });
  });
  return { index, calls, stop: stop ?? expect.fail('It cannot be observed.') };
}

describe('an index tells', () => {
  test('of calls that went well, with ids and counts and without texts', async () => {
    const { index, calls } = observed();
    const before = Date.now();
    await index.insert(['apples', 'pears'].map((text) => ({ id: text.slice(0, 1), text })));
    await index.search('secret apples', { k: 1 });
    await index.search({ id: 'a' });
    await index.remove('p');
    await index.purge({ namespace: 'default' });
    await index.optimize();
    await index.verify();
    await index.repair();
    expect(calls).toMatchObject([
      { kind: 'insert', documentCount: 2, ids: ['a', 'p'], result: { inserted: 2 } },
      { kind: 'search', target: 'text', found: 1, searched: 2 },
      { kind: 'search', target: 'document', found: 1, searched: 2 },
      { kind: 'remove', ids: ['p'], namespace: 'default', removed: 1 },
      { kind: 'purge', ids: null, namespace: 'default', removed: 1 },
      { kind: 'optimize' },
      { kind: 'verify' },
      { kind: 'repair' },
    ]);
    for (const { error, startedAt, durationMs } of calls) {
      expect(error).toBeNull();
      expect(startedAt).toBeGreaterThanOrEqual(before);
      expect(durationMs).toBeGreaterThanOrEqual(0);
    }
    expect(JSON.stringify(calls)).not.toMatch(/apples|pears|secret/);
  });

  test('of calls that failed, whatever they were given', async () => {
    const { index, calls } = observed();
    const bad = [
      () => index.insert(undefined as never),
      () => index.insert([{ id: 7, text: 'x' }] as never),
      () => index.search('  '),
      () => index.remove(undefined as never),
      () => index.remove({} as never),
    ];
    const errors = await Promise.all(
      bad.map((run) =>
        run().then(
          () => null,
          (e: unknown) => e,
        ),
      ),
    );
    // What is no typed error is not told: its caller has it.
    const typed = errors.filter((error) => error instanceof VectorIndexError);
    expect(typed.length).toBeGreaterThanOrEqual(3);
    expect(calls.map(({ error }) => error)).toEqual(typed);
    expect(calls.find(({ kind }) => kind === 'search')).toMatchObject({ found: null, took: null });
  });

  test('whose search it was, by its signal', async () => {
    const { index, calls } = observed();
    const { signal } = new AbortController();
    await index.search('apples', { signal });
    await index.search('apples');
    expect(calls.map((call) => call.signal)).toEqual([signal, undefined]);
  });

  test('nobody any more, once nobody listens', async () => {
    const { index, calls, stop } = observed();
    await index.search('apples');
    stop();
    await index.search('apples');
    expect(calls).toHaveLength(1);
  });
});

describe('the feed', () => {
  test('asks nothing and tells nothing while nobody listens', async () => {
    const clock = createFakeClock();
    const now = vi.spyOn(clock, 'now');
    const feed = createCallFeed(clock);
    expect(await feed.watch('verify', undefined, () => Promise.resolve(7))).toBe(7);
    expect(now).not.toHaveBeenCalled();
  });

  test('a listener that throws harms neither the call nor the others', async () => {
    const clock = createFakeClock();
    const feed = createCallFeed(clock);
    const heard: IndexCall[] = [];
    feed.subscribe(() => {
      throw new Error('mine');
    });
    feed.subscribe((call) => heard.push(call));
    expect(await feed.watch('verify', undefined, () => Promise.resolve(7))).toBe(7);
    expect(heard).toHaveLength(1);
    // The page hears of it.
    await expect(clock.advance(1)).rejects.toThrow('mine');
  });

  test('one function may listen twice', async () => {
    const feed = createCallFeed(createFakeClock());
    const listener = vi.fn();
    const stop = feed.subscribe(listener);
    feed.subscribe(listener);
    stop();
    await feed.watch('verify', undefined, () => Promise.resolve(7));
    expect(listener).toHaveBeenCalledOnce();
  });
});

describe('pick', () => {
  test('gives documents of one namespace, each once', async () => {
    const { index } = observed();
    const documents = Array.from({ length: 50 }, (_, n) => ({ id: `d${n}`, text: `number ${n}` }));
    await index.insert([...documents, { id: 'other', text: 'other', namespace: 'other' }]);
    await index.remove('d3');
    const pick = (namespace: string, shares: readonly number[]) =>
      inspectable(index)?.pick(namespace, shares);
    const all = await pick(
      'default',
      Array.from({ length: 500 }, (_, n) => n / 500),
    );
    expect(new Set(all).size).toBe(49);
    expect(all).toHaveLength(49);
    expect(all).not.toContain('d3');
    expect(all).not.toContain('other');
    expect(await pick('default', [0.5, 0.5, 0.501])).toHaveLength(1);
    expect(await pick('default', [0, 1])).toHaveLength(2);
    expect(await pick('absent', [0, 0.5, 1])).toEqual([]);
  });
});
