import { expect, test } from 'vitest';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createEncryptedDriver } from '../../../src/storage/encryption/encrypted-driver.ts';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import { seal } from '../../../src/storage/schema.ts';
import type { DocumentRow } from '../../../src/storage/schema.ts';

const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
  'encrypt',
  'decrypt',
]);

const rowOf = (id: string, seq: number) =>
  seal<DocumentRow>({
    namespace: 'n',
    id,
    text: id,
    metadata: {},
    truncated: false,
    createdAt: 1,
    updatedAt: 1,
    pack: 1,
    row: 0,
    seq,
  });

/** Two tabs over one disk. */
async function openTwo(): Promise<{ disk: StorageDriver; a: StorageDriver; b: StorageDriver }> {
  const disk = createMemoryDriver();
  const a = createEncryptedDriver(disk, 'shared', { key });
  const b = createEncryptedDriver(disk, 'shared', { key });
  await a.open();
  await b.open();
  return { disk, a, b };
}

const write = (driver: StorageDriver, ...rows: DocumentRow[]) =>
  driver.transaction('readwrite', ['documents'], (tx) => tx.put('documents', rows));

test('a write that was overtaken is done on what is there then', async () => {
  const { a, b } = await openTwo();
  await write(a, rowOf('counter', 0));
  let runs = 0;
  await a.transaction('readwrite', ['documents'], async (tx) => {
    const row = await tx.get('documents', ['n', 'counter']);
    if (++runs === 1) await write(b, rowOf('counter', 10));
    await tx.put('documents', [rowOf('counter', (row?.seq ?? 0) + 1)]);
  });
  expect(runs).toBe(2);
  const row = await b.transaction('readonly', ['documents'], (tx) =>
    tx.get('documents', ['n', 'counter']),
  );
  expect(row?.seq).toBe(11);
});

test('two tabs lose no increment', async () => {
  const { a, b } = await openTwo();
  await write(a, rowOf('counter', 0));
  const increment = (driver: StorageDriver) =>
    driver.transaction('readwrite', ['documents'], async (tx) => {
      const row = await tx.get('documents', ['n', 'counter']);
      await tx.put('documents', [rowOf('counter', (row?.seq ?? 0) + 1)]);
    });
  await Promise.all(
    [a, b].map(async (tab) => {
      for (let n = 0; n < 40; n++) await increment(tab);
    }),
  );
  const row = await a.transaction('readonly', ['documents'], (tx) =>
    tx.get('documents', ['n', 'counter']),
  );
  expect(row?.seq).toBe(80);
});

test('what several reads see is of one moment, and a long one ends though others write on', async () => {
  const { a, b } = await openTwo();
  const ids = Array.from({ length: 30 }, (_, n) => `d${n}`);
  await write(a, ...ids.map((id) => rowOf(id, 0)));
  let runs = 0;
  let version = 0;
  const seen = await a.transaction('readonly', ['documents'], async (tx) => {
    runs++;
    const seqs = new Set<number | undefined>();
    for (const id of ids) {
      seqs.add((await tx.get('documents', ['n', id]))?.seq);
      // Another tab changes all of them after every read.
      version++;
      await write(b, ...ids.map((name) => rowOf(name, version)));
    }
    return seqs;
  });
  expect(seen.size).toBe(1);
  expect(runs).toBe(3);
});

test('a write that is overtaken for ever is given up, typed, and has changed nothing', async () => {
  const { a, b } = await openTwo();
  await write(a, rowOf('counter', 0));
  let version = 100;
  const hopeless = a.transaction('readwrite', ['documents'], async (tx) => {
    await tx.get('documents', ['n', 'counter']);
    await write(b, rowOf('counter', version++));
    await tx.put('documents', [rowOf('counter', -1)]);
  });
  await expect(hopeless).rejects.toMatchObject({ code: 'timeout' });
  const row = await b.transaction('readonly', ['documents'], (tx) =>
    tx.get('documents', ['n', 'counter']),
  );
  expect(row?.seq).toBe(version - 1);
});

test('what a body throws over rows of different moments is not heard', async () => {
  const { a, b } = await openTwo();
  await write(a, rowOf('x', 1), rowOf('y', 1));
  let runs = 0;
  const sum = await a.transaction('readonly', ['documents'], async (tx) => {
    const x = await tx.get('documents', ['n', 'x']);
    if (++runs === 1) await write(b, rowOf('x', 2), rowOf('y', 2));
    const y = await tx.get('documents', ['n', 'y']);
    if (x?.seq !== y?.seq) throw new Error('torn');
    return (x?.seq ?? 0) + (y?.seq ?? 0);
  });
  expect(sum).toBe(4);
});

test('one strict transaction stores an operation, however much was read for it', async () => {
  const disk = createMemoryDriver();
  const writes: string[][] = [];
  const watched: StorageDriver = {
    ...disk,
    transaction(mode, tables, body) {
      if (mode === 'readwrite') writes.push([...tables]);
      return disk.transaction(mode, tables, body);
    },
  };
  const driver = createEncryptedDriver(watched, 'watched', { key });
  await driver.open();
  writes.length = 0;
  await driver.transaction('readwrite', ['meta', 'documents', 'vectors'], async (tx) => {
    await tx.get('meta', 'head');
    await tx.get('documents', ['n', 'a']);
    await tx.put('documents', [rowOf('a', 1)]);
    expect((await tx.get('documents', ['n', 'a']))?.seq).toBe(1);
    await tx.remove('documents', [['n', 'a']]);
    expect(await tx.get('documents', ['n', 'a'])).toBeUndefined();
    await tx.put('documents', [rowOf('b', 2)]);
  });
  expect(writes).toEqual([['meta', 'documents']]);
});
