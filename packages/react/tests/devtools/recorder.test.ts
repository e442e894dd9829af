import { afterEach, expect, test, vi } from 'vitest';
import { createVectorIndex, type VectorIndex } from '../../src/core/index.ts';
import { englishDevtoolsLabels } from '../../src/devtools/labels.ts';
import { createRecorder, LOG_LENGTH } from '../../src/devtools/recorder.ts';
import { createTestVectorIndex, hashEmbedder } from '../../src/testing/index.ts';

const open: VectorIndex[] = [];
afterEach(() => Promise.all(open.splice(0).map((index) => index.close())));

function recorded(index = createTestVectorIndex()) {
  open.push(index);
  const recorder = createRecorder(index);
  const stop = recorder.start();
  const lines = () => recorder.get().log.map(englishDevtoolsLabels.entry);
  return { index, recorder, stop, lines };
}

test('keeps what happened, newest first, in words without texts', async () => {
  const { index, recorder, lines } = recorded();
  await index.insert([
    { id: 'a', text: 'apples' },
    { id: 'p', text: 'pears' },
  ]);
  await index.insert({ id: 'p', text: 'prunes' });
  await index.search('secret');
  await index.search(new Float32Array(index.dimensions).fill(1), { k: 1 });
  await index.remove(['a']);
  await expect(index.search('   ')).rejects.toThrow();
  expect(lines()).toEqual([
    'Search: failed with invalid-input',
    'Remove: 1 document (a)',
    'Search: 1 of 2, by vector',
    'Search: 2 of 2, by text',
    'Insert: 1 replaced (p)',
    'Insert: 2 new (a, p)',
    'Status: ready',
    'Status: opening',
  ]);
  expect(JSON.stringify(recorder.get())).not.toMatch(/apples|pears|prunes|secret/);
  const numbers = recorder.get().log.map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('times of searches by text have an embedding, others have none', async () => {
  const { index, recorder } = recorded();
  await index.insert({ id: 'a', text: 'apples' });
  await index.search('apples');
  await index.search({ id: 'a' });
  expect(recorder.get().searchMs).toHaveLength(2);
  expect(recorder.get().embedMs).toHaveLength(1);
  recorder.clearTimes();
  expect(recorder.get()).toMatchObject({ searchMs: [], embedMs: [] });
  expect(recorder.get().log.length).toBeGreaterThan(0);
  recorder.clearLog();
  expect(recorder.get().log).toEqual([]);
});

test('an aborted search is no failure, and has no time', async () => {
  const { index, recorder, lines } = recorded();
  const controller = new AbortController();
  const search = index.search('apples', { signal: controller.signal });
  controller.abort();
  await expect(search).rejects.toMatchObject({ code: 'aborted' });
  expect(lines().at(0)).toBe('Search: given up');
  expect(recorder.get().searchMs).toEqual([]);
});

test('the log has an end', async () => {
  const { index, recorder } = recorded();
  const searches = Array.from({ length: LOG_LENGTH + 20 }, () => index.search({ id: 'none' }));
  await Promise.allSettled(searches);
  const { log } = recorder.get();
  expect(log).toHaveLength(LOG_LENGTH);
  expect(log[0]?.number).toBe(LOG_LENGTH + 20 + 2);
});

test('passes over searches that are to be ignored, and over everything once stopped', async () => {
  const { index, recorder, stop } = recorded();
  await index.ready();
  recorder.clearLog();
  const { signal } = new AbortController();
  recorder.ignore(signal);
  await index.search('apples', { signal });
  expect(recorder.get().log).toEqual([]);
  stop();
  await index.search('apples');
  await index.close();
  expect(recorder.get().log).toEqual([]);
});

test('tells of trouble with the index and its storage', async () => {
  // Here are no workers.
  const index = createVectorIndex({ name: 'nowhere', embedder: hashEmbedder() });
  const { lines } = recorded(index);
  await expect(index.ready()).rejects.toThrow();
  expect(lines()).toEqual(['Status: error, unsupported', 'Status: opening']);
});

test('tells listeners once for much at a time, and no more once they left', async () => {
  const { index, recorder } = recorded();
  await index.ready();
  const listener = vi.fn();
  const leave = recorder.subscribe(listener);
  await Promise.all(Array.from({ length: 30 }, (_, n) => index.search(`number ${n}`)));
  await vi.waitFor(() => expect(listener).toHaveBeenCalled());
  expect(listener.mock.calls.length).toBeLessThan(10);
  leave();
  const before = listener.mock.calls.length;
  await index.search('apples');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(listener).toHaveBeenCalledTimes(before);
});
