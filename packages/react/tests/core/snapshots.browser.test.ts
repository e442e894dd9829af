import { expect, test } from 'vitest';
import { databaseName } from '../../src/storage/dexie-driver.ts';
import { numberedVector, openTestIndex } from './test-index.ts';

const DIMENSIONS = 16;
const documents = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({
    id: `d${from + n}`,
    text: `text ${from + n}`,
    vector: numberedVector(from + n, DIMENSIONS),
  }));

/** Opens the database behind Akin's back. */
async function raw<T>(name: string, run: (database: IDBDatabase) => Promise<T>): Promise<T> {
  const database = await promised(indexedDB.open(databaseName(name)));
  try {
    return await run(database);
  } finally {
    database.close();
  }
}

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('unknown'));
  });
}

const clear = (name: string, table: string) =>
  raw(name, (database) =>
    promised(database.transaction(table, 'readwrite').objectStore(table).clear()),
  );
const countRows = (name: string, table: string) =>
  raw(name, (database) => promised(database.transaction(table).objectStore(table).count()));

test('an index is opened from its snapshot and the log after it', async () => {
  const first = openTestIndex({ dimensions: DIMENSIONS });
  const { name } = first;
  await first.insert(documents(0, 600));
  await first.optimize();
  await first.insert(documents(600, 700));
  await first.remove(['d0', 'd1']);
  await first.close();

  // Rows that only a build from scratch would read. The log names packs of its own.
  await raw(name, async (database) => {
    const table = database.transaction('vectors', 'readwrite').objectStore('vectors');
    const packs = (await promised(table.getAll())) as { pack: number; ids: string[] }[];
    for (const { pack, ids } of packs) if (ids.includes('d5')) await promised(table.delete(pack));
  });
  const second = openTestIndex({ name, dimensions: DIMENSIONS });
  expect(await second.count()).toBe(698);
  for (const at of [5, 2, 599, 650]) {
    const { hits } = await second.search(numberedVector(at, DIMENSIONS), { k: 1 });
    expect(hits[0]).toMatchObject({ id: `d${at}`, text: `text ${at}` });
  }
  const all = await second.search(numberedVector(0, DIMENSIONS), { k: 700 });
  expect(all.hits.map(({ id }) => id)).not.toContain('d0');
});

test('two generations are kept, and nothing else', async () => {
  const index = openTestIndex({ dimensions: DIMENSIONS });
  for (let round = 0; round < 5; round++) {
    await index.insert(documents(round * 50, round * 50 + 50));
    await index.optimize();
  }
  expect(await countRows(index.name, 'blobs')).toBeLessThanOrEqual(2);
  expect(await countRows(index.name, 'meta')).toBe(5);
  expect(await index.verify()).toMatchObject({ documents: 250, damagedSnapshots: 0 });
});

test('without its snapshots an index is built from its rows', async () => {
  const first = openTestIndex({ dimensions: DIMENSIONS });
  const { name } = first;
  await first.insert(documents(0, 200));
  await first.optimize();
  await first.close();
  await clear(name, 'blobs');
  const second = openTestIndex({ name, dimensions: DIMENSIONS });
  expect(await second.count()).toBe(200);
  expect(await second.verify()).toMatchObject({ damagedSnapshots: 1 });
  await second.repair();
  expect(await second.verify()).toMatchObject({ damagedSnapshots: 0 });
});

test('a purge leaves no trace', async () => {
  const index = openTestIndex({ dimensions: DIMENSIONS });
  const { name } = index;
  const vector = numberedVector(9_999, DIMENSIONS);
  const secret = { id: 'secret', text: 'nobody shall know', vector };
  const traces = {
    name: new TextEncoder().encode('secret'),
    text: new TextEncoder().encode('nobody shall know'),
    'vector in rows': new Uint8Array(vector.buffer),
    'vector in the graph': codesOf(vector),
  };
  const found = async () => {
    const stored = await everyByte(name);
    return Object.entries(traces).flatMap(([trace, bytes]) =>
      stored.some((part) => holds(part, bytes)) ? [trace] : [],
    );
  };
  await index.insert([...documents(0, 100), secret]);
  await index.optimize();
  // Each of them is there to be found, and so would be afterwards.
  expect(await found()).toEqual(Object.keys(traces));
  await index.remove('d3');
  expect(await index.purge('secret')).toBe(1);
  expect(await found()).toEqual([]);
  await index.optimize();
  await index.close();
  expect(await found()).toEqual([]);
  const again = openTestIndex({ name, dimensions: DIMENSIONS });
  expect(await again.count()).toBe(99);
  await again.optimize();
  expect(await found()).toEqual([]);
});

/** As the engine stores a vector: a byte a dimension, those of even ones 128 larger. */
function codesOf(vector: Float32Array): Uint8Array {
  const most = Math.max(...vector.map(Math.abs));
  return Uint8Array.from(vector, (value, dimension) => {
    const code = Math.round((127 * value) / most);
    return dimension % 2 === 0 ? code + 128 : code;
  });
}

/** Everything that is stored: each row, and what its buffers and Blobs hold. */
function everyByte(name: string): Promise<Uint8Array[]> {
  return raw(name, async (database) => {
    const rows: unknown[] = [];
    for (const table of database.objectStoreNames) {
      const all = database.transaction(table).objectStore(table).getAll() as IDBRequest<unknown[]>;
      rows.push(...(await promised(all)));
    }
    const parts = [new TextEncoder().encode(JSON.stringify(rows))];
    for (const row of rows) {
      for (const value of Object.values(row as Record<string, unknown>)) {
        if (value instanceof Blob) parts.push(new Uint8Array(await value.arrayBuffer()));
        else if (value instanceof ArrayBuffer) parts.push(new Uint8Array(value));
        else if (value instanceof Uint8Array) parts.push(value as Uint8Array<ArrayBuffer>);
      }
    }
    return parts;
  });
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return bytes.some((_, at) => wanted.every((value, offset) => bytes[at + offset] === value));
}

test('documents whose vector is lost are embedded again by a repair', async () => {
  const first = openTestIndex();
  const { name, embedder } = first;
  await first.insert([
    { id: 'a', text: 'whales are mammals' },
    { id: 'b', text: 'sharks are fish' },
  ]);
  await first.insert({ id: 'c', text: 'trees are plants' });
  await first.close();
  await raw(name, (database) =>
    promised(database.transaction('vectors', 'readwrite').objectStore('vectors').delete(1)),
  );
  const second = openTestIndex({ name, embedder });
  expect((await second.search('whales', { k: 10 })).hits.map(({ id }) => id)).toEqual(['c']);
  const found = await second.repair();
  expect(found.withoutVector.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  expect((await second.search('whales are mammals', { k: 10 })).hits[0]?.id).toBe('a');
  expect(await second.verify()).toMatchObject({ withoutVector: [], strayVectors: 0 });
});
