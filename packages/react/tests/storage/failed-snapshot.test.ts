import { expect, test } from 'vitest';
import { VectorIndexError } from '../../src/core/errors.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
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
