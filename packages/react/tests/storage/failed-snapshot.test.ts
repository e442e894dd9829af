import { expect, test } from 'vitest';
import { VectorIndexError } from '../../src/core/errors.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { createSnapshotStore } from '../../src/storage/snapshots.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from './crash/tab.ts';
import { insertDocuments, numberedDocuments } from './insert-documents.ts';

const engine = await startNodeEngine();

/** A disk that has room for everything but the row that says what a snapshot consists of. */
function createFullDriver(disk: StorageDriver): StorageDriver & { isFull: boolean } {
  const driver: StorageDriver & { isFull: boolean } = {
    ...disk,
    isFull: false,
    async transaction(mode, tables, body, durability) {
      if (driver.isFull && mode === 'readwrite' && !tables.includes('blobs')) {
        const staged = await disk.transaction('readonly', ['blobs'], (tx) => tx.keys('blobs'));
        if (staged.length > 0) throw new VectorIndexError('quota-exceeded', 'Full.', '');
      }
      return disk.transaction(mode, tables, body, durability);
    },
  };
  return driver;
}

test('a snapshot for which there is no room leaves nothing of itself', async () => {
  const disk = createMemoryDriver();
  const full = createFullDriver(disk);
  const tab = await openTab(engine, full);
  await insertDocuments(tab, numberedDocuments(0, 50));
  const blobs = () => disk.transaction('readonly', ['blobs'], (tx) => tx.keys('blobs'));

  full.isFull = true;
  await expect(tab.call('snapshot', {})).rejects.toMatchObject({ code: 'quota-exceeded' });
  expect(await blobs()).toEqual([]);
  full.isFull = false;
  expect(await tab.call('snapshot', {})).toBe(true);
  expect(await blobs()).toHaveLength(1);
});

test('what snapshots have left that were never finished goes before another is stored', async () => {
  const disk = createMemoryDriver();
  const blobs = () => disk.transaction('readonly', ['blobs'], (tx) => tx.keys('blobs'));
  /** How many there are when somebody becomes the maintainer, and when the snapshot is there. */
  const seen: number[] = [];
  const watched: StorageDriver = {
    ...disk,
    async transaction(mode, tables, body, durability) {
      if (mode === 'readwrite' && tables.length === 1) seen.push((await blobs()).length);
      return disk.transaction(mode, tables, body, durability);
    },
  };
  const tab = await openTab(engine, watched);
  await insertDocuments(tab, numberedDocuments(0, 50));
  const snapshots = createSnapshotStore(disk);
  await snapshots.begin('killed');
  for (let number = 0; number < 3; number++) await snapshots.stage('killed', new Uint8Array(10));
  seen.length = 0;
  expect(await tab.call('snapshot', {})).toBe(true);
  expect(seen).toEqual([3, 1]);
});
