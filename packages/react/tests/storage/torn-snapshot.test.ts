import { expect, test } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import type { BlobRow } from '../../src/storage/schema.ts';
import { createSnapshotStore } from '../../src/storage/snapshots.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from './crash/tab.ts';
import type { Tab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';

/**
 * A disk that, once it is told to, keeps half of what a blob holds and zeros for the rest, and says
 * nothing.
 */
function createTearingDriver(disk: StorageDriver): StorageDriver & { isTearing: boolean } {
  const driver: StorageDriver & { isTearing: boolean } = {
    ...disk,
    isTearing: false,
    transaction: (mode, tables, body) =>
      disk.transaction(mode, tables, (tx) =>
        body({
          ...tx,
          put: (table, rows) =>
            tx.put(
              table,
              driver.isTearing && table === 'blobs'
                ? rows.map((row) => {
                    const data = (row as BlobRow).data as Blob;
                    const half = data.size >> 1;
                    const zeros = new Uint8Array(data.size - half);
                    return { ...row, data: new Blob([data.slice(0, half), zeros]) };
                  })
                : rows,
            ),
        }),
      ),
  };
  return driver;
}

const insert = (tab: Tab, id: string) =>
  tab.call('put', {
    opId: `put ${id}`,
    embedderId: 'e',
    documents: [{ namespace: 'n', id, text: id, metadata: {}, truncated: false, vector: 0 }],
    vectors: vectorOf({ text: id }),
  });

test('a snapshot that is not read back as it was written never becomes the newest', async () => {
  const engine = await startNodeEngine();
  const disk = createTearingDriver(createMemoryDriver());
  const tab = await openTab(engine, disk);
  const snapshots = createSnapshotStore(disk);
  await insert(tab, 'a');
  expect(await tab.call('snapshot', {})).toBe(true);
  const before = await snapshots.list();

  await insert(tab, 'b');
  disk.isTearing = true;
  await expect(tab.call('snapshot', {})).rejects.toMatchObject({ code: 'corrupt' });
  disk.isTearing = false;
  expect(await snapshots.list()).toEqual(before);

  // What was written before is whole, and the next one goes through.
  expect(await tab.call('verify', {})).toMatchObject({ documents: 2, damagedSnapshots: 0 });
  expect(await tab.call('snapshot', {})).toBe(true);
  await tab.call('close', {});
  const again = await openTab(engine, disk);
  expect(await again.call('stats', {})).toMatchObject({
    documentCount: 2,
    isFromSnapshot: true,
    damagedSnapshots: 0,
  });
});
