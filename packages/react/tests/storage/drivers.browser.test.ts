import { expect, test, vi } from 'vitest';
import { createDexieDriver, databaseName } from '../../src/storage/dexie-driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import type { VectorIndexError } from '../../src/core/errors.ts';
import type { Durability } from '../../src/core/types.ts';
import type { TableName } from '../../src/storage/schema.ts';
import { describeDriver } from './driver-contract.ts';
import { describeStore } from './store-contract.ts';

let count = 0;
const uniqueName = () => `storage-${Date.now()}-${count++}`;
const create = () => createDexieDriver(uniqueName());

describeDriver('Dexie driver', create);
describeDriver('memory driver', createMemoryDriver);
describeStore('store on IndexedDB', create);

test('writes are strict unless they are asked to be relaxed, however they overlap', async () => {
  const seen: string[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its `this` below
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = original.apply(this, args);
    if (transaction.mode === 'readwrite') {
      seen.push(`${[...transaction.objectStoreNames].join()} ${transaction.durability}`);
    }
    return transaction;
  };
  const driver = create();
  const write = (table: TableName, durability?: Durability) =>
    driver.transaction('readwrite', [table], (tx) => tx.put(table, []), durability);
  try {
    await driver.open();
    await write('meta');
    await write('meta', 'relaxed');
    await Promise.all([write('vectors', 'relaxed'), write('blobs'), write('documents', 'strict')]);
    expect(seen).toEqual([
      'meta strict',
      'meta relaxed',
      'vectors relaxed',
      'blobs strict',
      'documents strict',
    ]);
  } finally {
    IDBDatabase.prototype.transaction = original;
    await driver.destroy();
  }
});

test('a write is told until all of it is asked for, and completes later', async () => {
  const driver = create();
  await driver.open();
  // The first waits for a new log to be begun.
  await driver.transaction('readwrite', ['meta'], () => Promise.resolve());
  const isWriting = () => (driver.writing ?? null) !== null;
  const told: string[] = [];
  const tell = (what: string) => told.push(`${what}: ${isWriting() ? 'writing' : 'not writing'}`);
  const write = (name: string, isRefused = false) =>
    driver
      .transaction('readwrite', ['operations'], async (tx) => {
        await tx.get('operations', 1);
        tell(name);
        if (isRefused) throw new Error('refused');
      })
      .then(
        () => told.push(`${name} is complete`),
        () => told.push(`${name} is refused`),
      );
  const asked = async () => {
    // Begun already, but for a few microtasks.
    for (let tick = 0; tick < 10 && !isWriting(); tick++) await Promise.resolve();
    while (isWriting()) await driver.writing;
    tell('asked for');
  };
  await Promise.all([write('first'), asked()]);
  await Promise.all([write('second'), write('third', true), asked()]);
  tell('at last');
  // Two writes to one table follow one another: the driver writes until both are asked for.
  expect(told).toEqual([
    'first: writing',
    'asked for: not writing',
    'first is complete',
    'second: writing',
    'second is complete',
    'third: writing',
    'third is refused',
    'asked for: not writing',
    'at last: not writing',
  ]);
  await driver.transaction('readonly', ['operations'], (tx) => {
    expect(driver.writing).toBeNull();
    return tx.get('operations', 1);
  });
  await driver.destroy();
});

test('deleting the database elsewhere is told, once', async () => {
  const name = uniqueName();
  const driver = createDexieDriver(name);
  const errors: VectorIndexError[] = [];
  driver.onLost((error) => errors.push(error));
  await driver.open();
  await new Promise((resolve) => {
    indexedDB.deleteDatabase(databaseName(name)).onsuccess = resolve;
  });
  expect(errors.map(({ code }) => code)).toEqual(['storage-lost']);
  await expect(
    driver.transaction('readonly', ['meta'], (tx) => tx.get('meta', 'index')),
  ).rejects.toMatchObject({ code: 'storage-lost' });
});

test('a database of a newer version is refused, and left as it is', async () => {
  const name = uniqueName();
  const newer = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(databaseName(name), 9_999);
    request.onupgradeneeded = () => request.result.createObjectStore('meta', { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
  });
  newer.close();
  const driver = createDexieDriver(name);
  await expect(driver.open()).rejects.toMatchObject({ code: 'upgrade-required' });
  const found = (await indexedDB.databases()).find((known) => known.name === databaseName(name));
  // Some of our tables are missing there, and stay so.
  expect(found?.version).toBe(9_999);
  await driver.destroy();
});

test('a new log is begun, and nothing of that stays', async () => {
  const opened = vi.spyOn(indexedDB, 'open');
  const driver = create();
  await driver.open();
  await driver.transaction('readwrite', ['meta'], () => Promise.resolve());
  const own = opened.mock.calls.map(([name]) => name).filter((name) => !name.startsWith('akin/'));
  opened.mockRestore();
  expect(own).toEqual(['akin-new-log']);
  const names = (await indexedDB.databases()).map((known) => known.name);
  expect(names).not.toContain('akin-new-log');
  await driver.destroy();
});

test('a deletion that another connection stands in the way of is typed', async () => {
  const name = uniqueName();
  const driver = createDexieDriver(name);
  await driver.open();
  driver.close();
  const stubborn = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(databaseName(name));
    request.onsuccess = () => resolve(request.result);
  });
  await expect(driver.destroy()).rejects.toMatchObject({ code: 'blocked' });
  stubborn.close();
}, 15_000);
