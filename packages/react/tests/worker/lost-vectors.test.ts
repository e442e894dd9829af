import { describe, expect, test } from 'vitest';
import type { OpenPayload } from '../../src/core/protocol.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { description, encryptedDescription, openTab } from '../storage/crash/tab.ts';
import { insertDocuments, numberedDocuments } from '../storage/insert-documents.ts';

/** Documents whose vectors are lost cannot be searched for, and are there all the same. */

const engine = await startNodeEngine();
const even = { namespace: 'n', filter: { kind: 'even' } };
const page = { limit: 10, after: undefined };

async function setUp(options: OpenPayload, disk: StorageDriver = createMemoryDriver()) {
  const first = await openTab(engine, disk, options);
  await insertDocuments(first, numberedDocuments(0, 4));
  await insertDocuments(first, numberedDocuments(4, 6));
  await first.call('close', {});
  await disk.open();
  await disk.transaction('readwrite', ['vectors'], (tx) => tx.remove('vectors', [1]));
  return openTab(engine, disk, options);
}

describe.each([
  ['as they are', description],
  ['encrypted', encryptedDescription],
])('documents without a vector, stored %s,', (_, options: OpenPayload) => {
  test('are listed, filtered and counted alike', async () => {
    const tab = await setUp(options);
    const list = async (payload: object = {}) =>
      (await tab.call('list', { namespace: 'n', ...page, ...payload })).map(({ id }) => id);
    expect(await list()).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5']);
    expect(await list(even)).toEqual(['d0', 'd2', 'd4']);
    expect(await list({ ...even, limit: 1, after: 'd0' })).toEqual(['d2']);
    expect(await tab.call('count', { namespace: 'n' })).toBe(6);
    expect(await tab.call('count', even)).toBe(3);
    expect(await tab.call('count', { namespace: 'other' })).toBe(0);
    expect(await tab.call('namespaces', { bytes: false })).toEqual([
      { namespace: 'n', documentCount: 6, bytes: null },
    ]);
    expect(await tab.call('namespaces', { bytes: true })).toMatchObject([{ documentCount: 6 }]);
  });

  test('are counted no more once they are removed, and like others once they are mended', async () => {
    const tab = await setUp(options);
    await tab.call('remove', { opId: 'r', namespace: 'n', ids: ['d1'] });
    expect(await tab.call('count', { namespace: 'n' })).toBe(5);
    await insertDocuments(
      tab,
      [0, 2, 3].flatMap((at) => numberedDocuments(at, at + 1)),
    );
    expect(await tab.call('count', { namespace: 'n' })).toBe(5);
    expect(await tab.call('count', even)).toBe(3);
  });
});

test('a document is counted whose vector was lost before this tab had read it', async () => {
  const disk = createMemoryDriver();
  const tab = await openTab(engine, disk);
  const other = await openTab(engine, disk);
  await insertDocuments(other, numberedDocuments(0, 3));
  await disk.transaction('readwrite', ['vectors'], (tx) => tx.remove('vectors', [1]));
  await tab.call('follow', {});
  expect(await tab.call('count', { namespace: 'n' })).toBe(3);
  expect(await tab.call('count', even)).toBe(2);
});

test('each of them is counted once, though another tab writes between two reads', async () => {
  const memory = createMemoryDriver();
  let onRead = (): Promise<unknown> => Promise.resolve();
  const disk: StorageDriver = {
    ...memory,
    async transaction(mode, tables, body, durability) {
      const result = await memory.transaction(mode, tables, body, durability);
      if (mode === 'readonly' && tables.includes('documents')) await onRead();
      return result;
    },
  };
  const tab = await setUp(encryptedDescription, disk);
  // More than are read in one go.
  await insertDocuments(tab, numberedDocuments(6, 1_000));
  const other = await openTab(engine, memory, encryptedDescription);
  onRead = () => {
    onRead = () => Promise.resolve();
    return insertDocuments(other, numberedDocuments(1_000, 1_001));
  };
  expect(await tab.call('count', { namespace: 'n' })).toBe(1_001);
});
