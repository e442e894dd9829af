import { expect, test } from 'vitest';
import type { OpenPayload } from '../../src/core/protocol.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { seal } from '../../src/storage/schema.ts';
import type { HeadRow, SnapshotRow } from '../../src/storage/schema.ts';
import { blobsOf, createSnapshotStore } from '../../src/storage/snapshots.ts';
import { createFakeClock } from '../core/fake-clock.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { createTab, description, openTab } from './crash/tab.ts';
import { LONG_TEXT, insertDocuments, numberedDocuments } from './insert-documents.ts';
import { quiet } from './quiet.ts';

const COUNT = 2_500;
const engine = await startNodeEngine();

/** An index with one snapshot and a log after it, neither of which is worth another snapshot. */
async function makeIndex(): Promise<StorageDriver> {
  const disk = createMemoryDriver();
  // Time stands still, so that nothing is stored but what is asked for.
  const tab = createTab(engine, disk, { clock: createFakeClock() });
  await tab.call('open', description);
  await insertDocuments(tab, numberedDocuments(0, COUNT - 10, LONG_TEXT));
  await tab.call('snapshot', {});
  await insertDocuments(tab, numberedDocuments(COUNT - 10, COUNT));
  await tab.call('close', {});
  await disk.open();
  return disk;
}

/** Leaves a tab alone that has just opened the index. */
async function openQuietly(disk: StorageDriver, options: OpenPayload) {
  const clock = createFakeClock();
  const tab = createTab(engine, disk, { clock, defer: (run) => void setImmediate(run) });
  await tab.call('open', options);
  const stats = await tab.call('stats', {});
  await quiet(clock, tab);
  await tab.call('close', {});
  await disk.open();
  return stats;
}

const headOf = (disk: StorageDriver) =>
  disk.transaction('readonly', ['meta'], async (tx) => (await tx.get('meta', 'head')) as HeadRow);

async function forge(disk: StorageDriver, change: (head: HeadRow) => Partial<SnapshotRow>) {
  const head = await headOf(disk);
  await disk.transaction('readwrite', ['meta'], async (tx) => {
    const row = (await tx.get('meta', 'snapshot-a')) as SnapshotRow;
    await tx.put('meta', [seal<SnapshotRow>({ ...row, ...change(head) })]);
  });
}

test.each<[string, OpenPayload, (head: HeadRow) => Partial<SnapshotRow>]>([
  ['is of another graph', { ...description, hnsw: { m: 8 } }, () => ({})],
  ['lacks documents', description, ({ seq, writtenBytes = 0 }) => ({ seq, writtenBytes })],
  ['has another format', description, () => ({ manifest: Uint8Array.of(1, 2, 3) })],
])('a newest snapshot that %s is replaced once nobody writes', async (_, options, change) => {
  const disk = await makeIndex();
  await forge(disk, change);
  expect(await openQuietly(disk, options)).toMatchObject({ isFromSnapshot: false });
  expect(await openQuietly(disk, options)).toMatchObject({
    documentCount: COUNT,
    isFromSnapshot: true,
  });
  // The second time there was nothing to do.
  expect(await createSnapshotStore(disk).list()).toMatchObject([
    { generation: 2 },
    { generation: 1 },
  ]);
});

test('a snapshot of another format keeps no other from being taken', async () => {
  const disk = await makeIndex();
  await forge(disk, () => ({ manifest: Uint8Array.of(1, 2, 3) }));
  const tab = await openTab(engine, disk);
  expect(await tab.call('stats', {})).toMatchObject({ isFromSnapshot: false });
  expect(await tab.call('snapshot', {})).toBe(true);
});

test('what a lost blob held is in no later snapshot, and the intact one stays until there is another', async () => {
  const disk = createMemoryDriver();
  const tab = await openTab(engine, disk);
  for (const from of [0, 20]) {
    await insertDocuments(tab, numberedDocuments(from, from + 20));
    await tab.call('snapshot', {});
  }
  await tab.call('close', {});
  await disk.open();
  const [newest, older] = await createSnapshotStore(disk).list();
  if (!newest || !older) throw new Error('There are no two snapshots.');
  const lost = blobsOf(newest).filter((blob) => !blobsOf(older).includes(blob));
  await disk.transaction('readwrite', ['blobs'], (tx) => tx.remove('blobs', lost));

  const second = await openTab(engine, disk);
  expect(await second.call('stats', {})).toMatchObject({
    isFromSnapshot: true,
    damagedSnapshots: 1,
  });
  expect(await second.call('snapshot', {})).toBe(true);
  expect(await second.call('verify', {})).toMatchObject({ damagedSnapshots: 0 });
  expect((await createSnapshotStore(disk).list()).map(({ generation }) => generation)).toEqual([
    newest.generation + 1,
    older.generation,
  ]);
  await second.call('close', {});
  const third = await openTab(engine, disk);
  expect(await third.call('stats', {})).toMatchObject({
    documentCount: 40,
    isFromSnapshot: true,
    damagedSnapshots: 0,
  });
});

test('an index that counts fewer documents than it has stores none, which nobody would open', async () => {
  const disk = await makeIndex();
  const { documentCount, ...head } = await headOf(disk);
  await disk.transaction('readwrite', ['meta'], (tx) =>
    tx.put('meta', [seal<HeadRow>({ ...head, documentCount: documentCount - 1 })]),
  );
  expect(await openQuietly(disk, description)).toMatchObject({ isFromSnapshot: false });
  expect(await createSnapshotStore(disk).list()).toMatchObject([{ generation: 1 }]);
});

test('documents whose vectors are lost for good keep no snapshot from being taken', async () => {
  const disk = await makeIndex();
  const packs = await disk.transaction('readonly', ['vectors'], (tx) => tx.keys('vectors'));
  const last = packs.at(-1);
  if (last === undefined) throw new Error('There are no vectors.');
  await disk.transaction('readwrite', ['vectors'], (tx) => tx.remove('vectors', [last as number]));
  expect(await openQuietly(disk, description)).toMatchObject({ isFromSnapshot: false });
  const again = await openQuietly(disk, description);
  expect(again).toMatchObject({ isFromSnapshot: true });
  expect(again.documentCount).toBeLessThan(COUNT);
});
