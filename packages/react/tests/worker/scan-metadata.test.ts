import { expect, test } from 'vitest';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from '../storage/crash/tab.ts';
import {
  changeDocuments,
  insertDocuments,
  numberedDocuments,
} from '../storage/insert-documents.ts';
import { createReadCountingDriver } from '../storage/read-counting-driver.ts';

const COUNT = 3_000;
/** Rows that are read in one go. */
const BATCH = 512;
const even = { namespace: 'n', filter: { kind: 'even' } };
const low = { namespace: 'n', filter: { number: { lt: 100 } } };

async function setUp() {
  const disk = createReadCountingDriver();
  const tab = await openTab(await startNodeEngine(), disk);
  await insertDocuments(tab, numberedDocuments(0, COUNT));
  disk.read = 0;
  /** Does something, once so many rows were read. */
  const meanwhile = <T>(run: () => T | Promise<T>, rows = BATCH) =>
    new Promise<T>((resolve) => {
      disk.onRead = () => {
        if (disk.read < rows) return;
        disk.onRead = () => undefined;
        resolve(run());
      };
    });
  return { disk, tab, meanwhile };
}

test('calls that ask for the same read every row once', async () => {
  const { disk, tab, meanwhile } = await setUp();
  const late = meanwhile(() => tab.call('count', even));
  const counts = [tab.call('count', even), tab.call('count', even), late];
  expect(await Promise.all(counts)).toEqual([COUNT / 2, COUNT / 2, COUNT / 2]);
  expect(disk.read).toBe(COUNT);
});

test('a field that is asked for meanwhile is read after it, for all who wait', async () => {
  const { disk, tab, meanwhile } = await setUp();
  const late = meanwhile(
    () => Promise.all([tab.call('count', low), tab.call('count', low)]),
    5 * BATCH,
  );
  expect(await tab.call('count', even)).toBe(COUNT / 2);
  expect(await late).toEqual([100, 100]);
  expect(disk.read).toBe(2 * COUNT);
});

test('a call that is cancelled reads no further', async () => {
  const { disk, tab, meanwhile } = await setUp();
  const context = { isCancelled: false };
  const cancelled = meanwhile(() => (context.isCancelled = true));
  await expect(tab.call('count', even, context)).rejects.toMatchObject({ code: 'aborted' });
  expect(await cancelled).toBe(true);
  expect(disk.read).toBeLessThanOrEqual(2 * BATCH);
  // Nothing is left of it that would be in the way.
  expect(await tab.call('count', even)).toBe(COUNT / 2);
});

test('a call that is cancelled goes on for others that wait', async () => {
  const { disk, tab, meanwhile } = await setUp();
  const context = { isCancelled: false };
  const other = meanwhile(() => {
    context.isCancelled = true;
    return tab.call('count', even);
  });
  await tab.call('count', even, context).catch(() => undefined);
  expect(await other).toBe(COUNT / 2);
  expect(disk.read).toBe(COUNT);
});

test('rows that are read by their names are not read further either', async () => {
  const { disk, tab, meanwhile } = await setUp();
  await tab.call('count', even);
  await changeDocuments(
    tab,
    numberedDocuments(0, COUNT / 2).map(({ id }) => ({ id, metadata: { kind: 'changed' } })),
  );
  disk.read = 0;
  const context = { isCancelled: false };
  const cancelled = meanwhile(() => (context.isCancelled = true));
  await expect(tab.call('count', even, context)).rejects.toMatchObject({ code: 'aborted' });
  expect(await cancelled).toBe(true);
  expect(disk.read).toBe(BATCH);
});
