import { expect, test } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { createSnapshotStore } from '../../src/storage/snapshots.ts';
import { createFakeClock } from '../core/fake-clock.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { createTab, description, openTab } from './crash/tab.ts';
import { storedBytes } from './encryption/stored-bytes.ts';
import { LONG_TEXT, insertDocuments, numberedDocuments } from './insert-documents.ts';
import { quiet } from './quiet.ts';

/** Where there are no Web Locks, tabs maintain when they like: these share none. */

const engine = await startNodeEngine();
const SECRET = 'nobody-shall-know';
const purge = { opId: 'purge', namespace: 'n', ids: [SECRET] };

/** A disk that does something just before one of its tabs becomes the maintainer. */
function createLateDriver(disk: StorageDriver): StorageDriver & { before: () => Promise<unknown> } {
  const nothing = () => Promise.resolve();
  const driver: StorageDriver & { before: () => Promise<unknown> } = {
    ...disk,
    before: nothing,
    async transaction(mode, tables, body, durability) {
      if (mode === 'readwrite' && tables.length === 1 && tables[0] === 'meta') {
        const { before } = driver;
        driver.before = nothing;
        await before();
      }
      return disk.transaction(mode, tables, body, durability);
    },
  };
  return driver;
}

test('a snapshot that begins before a purge and is stored after it is not', async () => {
  const disk = createMemoryDriver();
  const late = createLateDriver(disk);
  const tab = await openTab(engine, late);
  await insertDocuments(tab, [...numberedDocuments(0, 20), { id: SECRET }]);
  const other = await openTab(engine, disk);

  late.before = () => other.call('purge', purge);
  expect(await tab.call('snapshot', {})).toBe(false);
  expect(String(await storedBytes(disk))).not.toContain(SECRET);
  expect(await tab.call('snapshot', {})).toBe(true);
  expect(String(await storedBytes(disk))).not.toContain(SECRET);
});

test('a purge just before a snapshot takes removed vectors out of it', async () => {
  const disk = createMemoryDriver();
  const late = createLateDriver(disk);
  const clock = createFakeClock();
  const tab = createTab(engine, late, { clock, defer: (run) => void setImmediate(run) });
  await tab.call('open', description);
  // So many that there is a graph, in which a removed vector stays.
  await insertDocuments(tab, [...numberedDocuments(0, 12_000), { id: SECRET }]);
  await quiet(clock, tab);
  await tab.call('remove', { ...purge, opId: 'remove' });
  expect(await tab.call('stats', {})).toMatchObject({ tombstoneCount: 1 });
  await insertDocuments(tab, numberedDocuments(12_000, 14_500, LONG_TEXT));
  const other = createTab(engine, disk, { clock: createFakeClock() });
  await other.call('open', description);

  // The log says nothing new: only who maintains, and what for, has changed.
  late.before = () => other.call('purge', purge);
  const snapshots = createSnapshotStore(disk);
  expect(await snapshots.list()).toEqual([]);
  await quiet(clock, tab);
  expect(await snapshots.list()).toHaveLength(1);
  expect(await tab.call('stats', {})).toMatchObject({ tombstoneCount: 0 });
}, 60_000);

test('after a purge a snapshot is stored again, without a write', async () => {
  const disk = createMemoryDriver();
  const clock = createFakeClock();
  const tab = createTab(engine, disk, { clock, defer: (run) => void setImmediate(run) });
  await tab.call('open', description);
  await insertDocuments(tab, [...numberedDocuments(0, 2_500, LONG_TEXT), { id: SECRET }]);
  await tab.call('remove', { ...purge, opId: 'remove' });
  await quiet(clock, tab);
  const snapshots = createSnapshotStore(disk);
  expect(await snapshots.list()).toMatchObject([{ generation: 1 }]);
  expect(await tab.call('purge', purge)).toEqual({ removed: 0, traces: 0 });
  expect(await snapshots.list()).toEqual([]);
  await quiet(clock, tab);
  expect(await snapshots.list()).toMatchObject([{ generation: 2 }]);
});
