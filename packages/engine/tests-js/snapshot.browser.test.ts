import { afterEach, expect, it } from 'vitest';
import type { Engine, Index } from '../js/browser.ts';
import { loadEngine } from '../js/browser.ts';
import { Random } from './random.ts';

const dimensions = 64;
const wasm = new URL('../wasm/akin_engine_bg.wasm', import.meta.url);
const databases: string[] = [];

afterEach(() => {
  for (const name of databases.splice(0)) indexedDB.deleteDatabase(name);
});

const done = <Result>(request: IDBRequest<Result>) =>
  new Promise<Result>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });

async function openDatabase(): Promise<IDBDatabase> {
  const name = `snapshot-${Math.random().toString(36).slice(2)}`;
  databases.push(name);
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => request.result.createObjectStore('snapshot');
  return done(request);
}

/** One transaction: chunks that are new, the manifest, and away with chunks that nobody names. */
async function save(database: IDBDatabase, index: Index): Promise<string[]> {
  const transaction = database.transaction('snapshot', 'readwrite');
  const store = transaction.objectStore('snapshot');
  const since = (await done(store.get('manifest'))) as Uint8Array | undefined;
  const { manifest, keys, chunks } = index.snapshotChanges(since);
  for (const chunk of chunks) store.put(chunk.read(), chunk.key);
  for (const key of await done(store.getAllKeys())) {
    if (key !== 'manifest' && !keys.includes(key as string)) store.delete(key);
  }
  store.put(manifest, 'manifest');
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error!);
  });
  return chunks.map(({ key }) => key);
}

async function open(engine: Engine, database: IDBDatabase): Promise<Index> {
  const store = database.transaction('snapshot').objectStore('snapshot');
  const opening = engine.beginOpen((await done(store.get('manifest'))) as Uint8Array);
  // All are asked for at once and come in order.
  const chunks = opening.keys.map((key) => done(store.get(key)));
  for (const chunk of chunks) opening.put((await chunk) as Uint8Array);
  return opening.finish();
}

it('is kept in IndexedDB, written in increments, and opened chunk by chunk', async () => {
  const engine = await loadEngine(wasm);
  const database = await openDatabase();
  const index = engine.createIndex({ dimensions, exactBelow: 0, m: 8, efConstruction: 20 });
  const random = new Random(31);
  index.add(random.floats(3000 * dimensions));
  index.buildStep();
  expect(await save(database, index)).toHaveLength(3);
  expect(await save(database, index)).toEqual([]);

  index.remove([1, 2, 3]);
  expect((await save(database, index)).map((key) => key.split('-')[0])).toEqual(['state']);
  index.add(random.floats(100 * dimensions));
  index.buildStep();
  await save(database, index);

  const opened = await open(engine, database);
  expect([opened.size, opened.tombstones, opened.pending]).toEqual([3097, 3, 0]);
  const query = random.floats(dimensions);
  expect(opened.search(query, { k: 10 })).toEqual(index.search(query, { k: 10 }));
  expect(opened.snapshot()).toEqual(index.snapshot());
  expect(await save(database, opened)).toEqual([]);

  const store = database.transaction('snapshot', 'readwrite').objectStore('snapshot');
  const keys = (await done(store.getAllKeys())) as string[];
  const key = keys.find((name) => name.startsWith('links'))!;
  const links = (await done(store.get(key))) as Uint8Array;
  links[1000]! ^= 4;
  await done(store.put(links, key));
  await expect(open(engine, database)).rejects.toMatchObject({ code: 'corrupt' });
  database.close();
});
