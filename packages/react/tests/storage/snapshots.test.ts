import { describe, expect, test } from 'vitest';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { createSnapshotStore } from '../../src/storage/snapshots.ts';
import type { NewSnapshot } from '../../src/storage/snapshots.ts';

async function openStore() {
  const driver = createMemoryDriver();
  await driver.open();
  return { driver, snapshots: createSnapshotStore(driver) };
}

const snapshotOf = (seq: number, blob: number): NewSnapshot => ({
  seq,
  documentCount: 1,
  writtenBytes: 1,
  hnsw: {},
  manifest: Uint8Array.of(1, 2, 3),
  chunks: [{ key: 'c', blob, offset: 0, bytes: 2 }],
  slots: [{ blob, offset: 2, bytes: 1, crc: 0 }],
});
const bytes = Uint8Array.of(7, 8, 9);

describe('snapshots in storage', () => {
  test('the older of two is written over', async () => {
    const { snapshots } = await openStore();
    await snapshots.begin('me');
    for (const seq of [10, 20, 30]) {
      await snapshots.publish('me', snapshotOf(seq, await snapshots.stage('me', bytes)));
    }
    expect((await snapshots.list()).map(({ seq, generation }) => [seq, generation])).toEqual([
      [30, 3],
      [20, 2],
    ]);
  });

  test('what no snapshot names is collected, and nothing else', async () => {
    const { driver, snapshots } = await openStore();
    await snapshots.begin('me');
    const kept = await snapshots.stage('me', bytes);
    await snapshots.publish('me', snapshotOf(10, kept));
    const orphan = await snapshots.stage('me', bytes);
    expect(orphan).not.toBe(kept);
    expect(await snapshots.collect('me')).toBe(1);
    const left = await driver.transaction('readonly', ['blobs'], (tx) => tx.keys('blobs'));
    expect(left).toEqual([kept]);
    const [blob] = await snapshots.blobs([kept]);
    expect(new Uint8Array((await blob?.arrayBuffer()) ?? [])).toEqual(bytes);
  });

  test('a maintainer that was overtaken can do nothing any more', async () => {
    const { snapshots } = await openStore();
    await snapshots.begin('old');
    const blob = await snapshots.stage('old', bytes);
    await snapshots.publish('old', snapshotOf(10, blob));
    const staged = await snapshots.stage('old', bytes);
    await snapshots.begin('new');
    const refused = { code: 'aborted' };
    await expect(snapshots.stage('old', bytes)).rejects.toMatchObject(refused);
    await expect(snapshots.publish('old', snapshotOf(20, staged))).rejects.toMatchObject(refused);
    await expect(snapshots.collect('old')).rejects.toMatchObject(refused);
    await expect(snapshots.clear('old', { isPurge: false })).rejects.toMatchObject(refused);
    expect((await snapshots.list()).map(({ seq }) => seq)).toEqual([10]);
    expect(await snapshots.collect('new')).toBe(1);
  });

  test('a damaged row is passed over, and its place taken first', async () => {
    const { driver, snapshots } = await openStore();
    await snapshots.begin('me');
    for (const seq of [10, 20]) {
      await snapshots.publish('me', snapshotOf(seq, await snapshots.stage('me', bytes)));
    }
    await driver.transaction('readwrite', ['meta'], async (tx) => {
      const rows = await tx.range('meta', {});
      const newest = rows.find((row) => 'seq' in row && row.seq === 20);
      if (newest) await tx.put('meta', [{ ...newest, checksum: 1 }]);
    });
    expect((await snapshots.list()).map(({ seq }) => seq)).toEqual([10]);
    await snapshots.publish('me', snapshotOf(30, await snapshots.stage('me', bytes)));
    // The number of the damaged one is not given again.
    expect((await snapshots.list()).map(({ seq, generation }) => [seq, generation])).toEqual([
      [30, 3],
      [10, 1],
    ]);
  });

  test('one that was refused is not the newest, and its place is taken first', async () => {
    const { snapshots } = await openStore();
    await snapshots.begin('me');
    for (const seq of [10, 20]) {
      await snapshots.publish('me', snapshotOf(seq, await snapshots.stage('me', bytes)));
    }
    const [refused] = await snapshots.list();
    if (refused) snapshots.refuse(refused);
    expect(await snapshots.newest()).toMatchObject({ seq: 10 });
    await snapshots.publish('me', snapshotOf(30, await snapshots.stage('me', bytes)));
    expect((await snapshots.list()).map(({ seq }) => seq)).toEqual([30, 10]);
    expect(await snapshots.newest()).toMatchObject({ seq: 30, generation: 3 });
    // From here on it is the older one again.
    await snapshots.publish('me', snapshotOf(40, await snapshots.stage('me', bytes)));
    expect((await snapshots.list()).map(({ seq }) => seq)).toEqual([40, 30]);
  });

  test('bytes that changed on the disk are counted', async () => {
    const { driver, snapshots } = await openStore();
    await snapshots.begin('me');
    const blob = await snapshots.stage('me', bytes);
    await snapshots.publish('me', snapshotOf(10, blob));
    expect(await snapshots.countBroken()).toBe(0);
    await driver.transaction('readwrite', ['blobs'], async (tx) => {
      const row = await tx.get('blobs', blob);
      if (row) await tx.put('blobs', [{ ...row, data: new Blob([Uint8Array.of(7, 0, 9)]) }]);
    });
    expect(await snapshots.countBroken()).toBe(1);
  });

  test('a purge deletes all, and later ones are to be clean', async () => {
    const { driver, snapshots } = await openStore();
    expect(await snapshots.isPurged()).toBe(false);
    await snapshots.begin('me');
    await snapshots.publish('me', snapshotOf(10, await snapshots.stage('me', bytes)));
    await snapshots.clear('me', { isPurge: true });
    expect(await snapshots.list()).toEqual([]);
    expect(await driver.transaction('readonly', ['blobs'], (tx) => tx.keys('blobs'))).toEqual([]);
    await snapshots.begin('another');
    expect(await snapshots.isPurged()).toBe(true);
  });
});
