import { describe, expect, test } from 'vitest';
import type { OpenPayload } from '../../src/core/protocol.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import type { BlobRow, SnapshotRow } from '../../src/storage/schema.ts';
import { createSnapshotStore } from '../../src/storage/snapshots.ts';
import { createFakeClock } from '../core/fake-clock.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import {
  createLocks,
  createTab,
  description,
  encryptedDescription,
  openTab,
  readable,
} from './crash/tab.ts';
import type { Tab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';
import { changeDocuments, insertDocuments, numberedDocuments } from './insert-documents.ts';
import { quiet } from './quiet.ts';
import { createReadCountingDriver } from './read-counting-driver.ts';

const COUNT = 3_000;
const filter = { kind: 'even', number: { lt: 100 } };
const search = {
  target: vectorOf({ text: 'd7' }),
  k: 5,
  namespace: 'n',
  minScore: undefined,
  diversity: 0,
  efSearch: undefined,
  exact: true,
  filter,
};

const insert = (tab: Tab, from: number, to: number) =>
  insertDocuments(tab, numberedDocuments(from, to));

/** Another value for a document that keeps its text and vector. */
const change = (tab: Tab, number: number) =>
  changeDocuments(tab, [{ id: `d${number}`, metadata: { kind: 'changed', number } }]);

describe.each([
  ['as they are', description],
  ['encrypted', encryptedDescription],
])('columns of metadata, stored %s', (_, options: OpenPayload) => {
  const count = (tab: Tab) => tab.call('count', { namespace: 'n', filter });

  async function setUp() {
    const engine = await startNodeEngine();
    const disk = createReadCountingDriver();
    const tab = await openTab(engine, disk, options);
    for (let from = 0; from < COUNT; from += 1_000) await insert(tab, from, from + 1_000);
    const reopen = async () => {
      const again = await openTab(engine, disk, options);
      disk.read = 0;
      return again;
    };
    return { engine, disk, tab, reopen };
  }

  test('a filter reads no rows again once a snapshot has been opened', async () => {
    const { disk, tab, reopen } = await setUp();
    disk.read = 0;
    expect(await count(tab)).toBe(50);
    expect(disk.read).toBe(COUNT);
    await tab.call('snapshot', {});
    await tab.call('close', {});

    const again = await reopen();
    expect(await count(again)).toBe(50);
    expect(disk.read).toBe(0);
    const { hits, searched } = await again.call('search', search);
    expect(hits).toHaveLength(5);
    expect(hits.every(({ metadata }) => metadata.kind === 'even')).toBe(true);
    expect(searched).toBe(50);
    // The hits', and no others.
    expect(disk.read).toBe(5);
  });

  test('what was written after the snapshot is read, and nothing else', async () => {
    const { disk, tab, reopen } = await setUp();
    await count(tab);
    await tab.call('snapshot', {});
    await change(tab, 4);
    await tab.call('remove', { opId: 'r', namespace: 'n', ids: ['d6'] });
    await insert(tab, COUNT, COUNT + 10);
    await tab.call('close', {});

    const again = await reopen();
    expect(await count(again)).toBe(48);
    expect(disk.read).toBe(11);
    expect(await again.call('count', { namespace: 'n', filter: { kind: 'changed' } })).toBe(1);
  });

  test('segments that did not change are not written again', async () => {
    const { disk, tab } = await setUp();
    await count(tab);
    await tab.call('snapshot', {});
    const driver = readable(disk, options);
    await driver.open();
    const snapshots = createSnapshotStore(driver);
    const [before] = await snapshots.list();
    await change(tab, 4);
    await count(tab);
    await tab.call('snapshot', {});
    const [after] = await snapshots.list();
    expect(before?.columns).toHaveLength(3);
    expect(after?.columns?.slice(1)).toEqual(before?.columns?.slice(1));
    expect(after?.columns?.[0]).not.toEqual(before?.columns?.[0]);
  });

  test('a purge leaves no value of what was removed', async () => {
    const { disk, tab, reopen } = await setUp();
    await change(tab, 4);
    await count(tab);
    await tab.call('snapshot', {});
    expect(await blobs(disk, options)).toContain('changed');
    expect(await tab.call('purge', { opId: 'p', namespace: 'n', ids: ['d4'] })).toEqual({
      removed: 1,
      traces: 0,
    });
    expect(await blobs(disk, options)).not.toContain('changed');
    await tab.call('snapshot', {});
    expect(await blobs(disk, options)).not.toContain('changed');
    await tab.call('close', {});
    // What is left is still known.
    const again = await reopen();
    expect(await count(again)).toBe(49);
    expect(disk.read).toBe(0);
  });
});

test('columns that are damaged are read from rows', async () => {
  const engine = await startNodeEngine();
  const disk = createReadCountingDriver();
  const tab = await openTab(engine, disk);
  await insert(tab, 0, 1_000);
  await tab.call('count', { namespace: 'n', filter });
  await tab.call('snapshot', {});
  await tab.call('close', {});
  await disk.open();
  const [row] = await createSnapshotStore(disk).list();
  const part = row?.columns?.[0];
  if (!part) throw new Error('Nothing is stored.');
  await disk.transaction('readwrite', ['blobs'], async (tx) => {
    const blob = (await tx.get('blobs', part.blob)) as BlobRow;
    const bytes = new Uint8Array(await blob.data.arrayBuffer());
    bytes[part.offset + 20] = (bytes[part.offset + 20] ?? 0) ^ 1;
    await tx.put('blobs', [{ ...blob, data: new Blob([bytes]) }]);
  });

  const again = await openTab(engine, disk);
  disk.read = 0;
  expect(await again.call('stats', {})).toMatchObject({ isFromSnapshot: true });
  expect(await again.call('count', { namespace: 'n', filter })).toBe(50);
  expect(disk.read).toBe(1_000);
  expect(await again.call('verify', {})).toMatchObject({ damagedSnapshots: 1 });
});

test('columns that were learned are stored once nobody writes', async () => {
  const engine = await startNodeEngine();
  const disk = createReadCountingDriver();
  const clock = createFakeClock();
  const tab = createTab(engine, disk, { clock });
  await tab.call('open', description);
  for (let from = 0; from < COUNT; from += 1_000) await insert(tab, from, from + 1_000);
  await tab.call('snapshot', {});
  const snapshots = createSnapshotStore(disk);
  const columns = async () => ((await snapshots.list())[0] as SnapshotRow).columns;
  expect(await columns()).toBeUndefined();

  await tab.call('count', { namespace: 'n', filter });
  await clock.advance(2_000);
  await expect.poll(columns).toHaveLength(3);
  // And not again.
  const { generation } = (await snapshots.list())[0] as SnapshotRow;
  await tab.call('count', { namespace: 'n', filter });
  await clock.advance(10_000);
  await tab.call('verify', {});
  expect((await snapshots.list())[0]?.generation).toBe(generation);
});

test('another field that was learned is stored as well', async () => {
  const engine = await startNodeEngine();
  const disk = createReadCountingDriver();
  const clock = createFakeClock();
  const tab = createTab(engine, disk, { clock, defer: (run) => void setImmediate(run) });
  await tab.call('open', description);
  for (let from = 0; from < COUNT; from += 1_000) await insert(tab, from, from + 1_000);
  const filters = [{ kind: 'even' }, { number: { lt: 100 } }] as const;
  const snapshots = createSnapshotStore(disk);
  await tab.call('count', { namespace: 'n', filter: filters[0] });
  await quiet(clock, tab);
  expect(await snapshots.newest()).toMatchObject({ generation: 1, fields: ['kind'] });
  await tab.call('count', { namespace: 'n', filter: filters[1] });
  await quiet(clock, tab);
  expect(await snapshots.newest()).toMatchObject({ generation: 2, fields: ['kind', 'number'] });
  await tab.call('close', {});

  const again = await openTab(engine, disk);
  disk.read = 0;
  expect(await again.call('count', { namespace: 'n', filter: filters[0] })).toBe(COUNT / 2);
  expect(await again.call('count', { namespace: 'n', filter: filters[1] })).toBe(100);
  expect(disk.read).toBe(0);
});

test.each([
  ['the same field', { kind: 'even' }, { kind: 'odd' }],
  ['different fields', { kind: 'even' }, { number: { lt: 100 } }],
])('two tabs that filter by %s do not store it in turn', async (_, ...wanted) => {
  const engine = await startNodeEngine();
  const disk = createReadCountingDriver();
  const locks = createLocks();
  const open = async () => {
    // Each has time of its own, or the first would always come before the second.
    const clock = createFakeClock();
    const tab = createTab(engine, disk, { clock, locks, defer: (run) => void setImmediate(run) });
    // With few links, so that what a snapshot writes is no reason not to take it.
    await tab.call('open', { ...description, hnsw: { m: 4 } });
    return { clock, tab };
  };
  const tabs = [await open(), await open()] as const;
  const [{ tab: writer }] = tabs;
  for (let from = 0; from < COUNT; from += 1_000) await insert(writer, from, from + 1_000);
  let inserted = COUNT;
  const round = async () => {
    await insert(writer, inserted, inserted + 1);
    inserted++;
    for (const [at, { clock, tab }] of tabs.entries()) {
      await tab.call('follow', {});
      await tab.call('count', { namespace: 'n', filter: wanted[at] });
      await quiet(clock, tab);
    }
  };
  const snapshots = createSnapshotStore(disk);
  const generation = async () => (await snapshots.newest())?.generation;

  // Each may store its own once.
  await round();
  await round();
  const before = await generation();
  expect(before).toBeGreaterThan(0);
  for (let again = 0; again < 4; again++) await round();
  expect(await generation()).toBe(before);
});

test('an index in memory stores no snapshot by itself', async () => {
  const disk = createReadCountingDriver();
  const clock = createFakeClock();
  const tab = createTab(await startNodeEngine(), disk, {
    clock,
    defer: (run) => void setImmediate(run),
  });
  await tab.call('open', { ...description, storage: 'memory' });
  for (let from = 0; from < COUNT; from += 1_000) await insert(tab, from, from + 1_000);
  expect(await tab.call('count', { namespace: 'n', filter })).toBe(50);
  await quiet(clock, tab);
  expect(await createSnapshotStore(disk).list()).toEqual([]);
});

async function blobs(disk: StorageDriver, options: OpenPayload): Promise<string> {
  const driver = readable(disk, options);
  await driver.open();
  const rows = await driver.transaction('readonly', ['blobs'], (tx) => tx.range('blobs', {}));
  const texts = rows.map(async ({ data }) => new TextDecoder().decode(await data.arrayBuffer()));
  return (await Promise.all(texts)).join('');
}
