import { afterEach, describe, expect, test } from 'vitest';
import { databaseName } from '../../src/storage/dexie-driver.ts';
import { numberedVector, openTestIndex } from './test-index.ts';

/** The real worker, the real IndexedDB, the real WebCrypto. */

const DIMENSIONS = 16;
const SLOW = { timeout: 120_000 };
const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

const documentOf = (n: number) => ({
  id: `secret-id-${n}`,
  text: `secret text ${n}`,
  metadata: { note: `secret note ${n}`, at: new Date(n), tags: new Set(['secret tag']) },
  vector: numberedVector(n, DIMENSIONS),
});
const documents = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => documentOf(from + n));

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('unknown'));
  });
}

/** Every byte that a value holds: keys, strings, buffers, Blobs. */
async function* bytesIn(value: unknown): AsyncGenerator<Uint8Array> {
  if (value instanceof Blob) yield new Uint8Array(await value.arrayBuffer());
  else if (value instanceof ArrayBuffer) yield new Uint8Array(value);
  else if (ArrayBuffer.isView(value)) yield new Uint8Array(value.buffer);
  else if (value instanceof Set) for (const item of value) yield* bytesIn(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield* bytesIn(key);
      yield* bytesIn(item);
    }
  } else yield new TextEncoder().encode(String(value));
}

/** Everything that is stored, one character a byte. */
async function storedText(name: string): Promise<string> {
  const database = await promised(indexedDB.open(databaseName(name)));
  const decoder = new TextDecoder('latin1');
  let text = '';
  for (const table of database.objectStoreNames) {
    const store = database.transaction(table).objectStore(table);
    const [keys, rows] = await Promise.all([
      promised(store.getAllKeys()),
      promised(store.getAll()),
    ]);
    for await (const bytes of bytesIn([keys, rows])) text += `${decoder.decode(bytes)}\n`;
  }
  database.close();
  return text;
}

const textOf = (vector: Float32Array<ArrayBuffer>) =>
  new TextDecoder('latin1').decode(new Uint8Array(vector.buffer, 0, 16));

async function fill(options: Parameters<typeof openTestIndex>[0]) {
  const index = openTestIndex({ dimensions: DIMENSIONS, ...options });
  await index.insert(documents(0, 300));
  await index.optimize();
  await index.insert(documents(300, 320));
  await index.remove(['secret-id-0', 'secret-id-301']);
  return index;
}

describe('an encrypted index', () => {
  test('is found, listed, opened from its snapshot and from its rows', SLOW, async () => {
    const encryption = { key: await newKey() };
    const first = await fill({ encryption });
    const { name } = first;
    const check = async (index: typeof first) => {
      expect(await index.count()).toBe(318);
      for (const n of [1, 299, 310]) {
        const { hits } = await index.search(numberedVector(n, DIMENSIONS), { k: 1 });
        const { id, text, metadata } = documentOf(n);
        expect(hits[0]).toMatchObject({ id, text, metadata });
      }
      const listed = await index.list({ limit: 1_000 });
      const ids = documents(0, 320).map(({ id }) => id);
      const left = ids.filter((id) => id !== 'secret-id-0' && id !== 'secret-id-301').sort();
      expect(listed.map(({ id }) => id)).toEqual(left);
      const page = await index.list({ limit: 5, after: left[99] });
      expect(page.map(({ id }) => id)).toEqual(left.slice(100, 105));
      expect(await index.verify()).toMatchObject({
        documents: 318,
        damagedDocuments: [],
        damagedPacks: 0,
        damagedOperations: 0,
        damagedSnapshots: 0,
        isCountRight: true,
      });
    };
    await check(first);
    await first.close();
    const second = openTestIndex({ name, dimensions: DIMENSIONS, encryption });
    await check(second);
    await second.close();

    const database = await promised(indexedDB.open(databaseName(name)));
    await promised(database.transaction('blobs', 'readwrite').objectStore('blobs').clear());
    database.close();
    const third = openTestIndex({ name, dimensions: DIMENSIONS, encryption });
    expect(await third.verify()).toMatchObject({ documents: 318, damagedSnapshots: 1 });
    await third.optimize();
    await check(third);
  });

  test('stores nothing that could be read, and unencrypted all of it', SLOW, async () => {
    const secrets = [
      'secret text',
      'secret-id',
      'secret note',
      'secret tag',
      textOf(numberedVector(5, DIMENSIONS)),
      'default',
    ];
    const plain = await fill({});
    const readable = await storedText(plain.name);
    expect(secrets.filter((secret) => !readable.includes(secret))).toEqual([]);
    const encrypted = await fill({ encryption: { passphrase: 'my secret passphrase' } });
    const stored = await storedText(encrypted.name);
    expect(stored.length).toBeGreaterThan(readable.length / 2);
    expect([...secrets, 'secret'].filter((secret) => stored.includes(secret))).toEqual([]);
  });

  test('opens with its passphrase only, and says what is wrong', SLOW, async () => {
    const index = await fill({ encryption: { passphrase: 'right' } });
    const { name } = index;
    await index.close();
    const open = (encryption?: { passphrase: string } | { key: CryptoKey }) =>
      openTestIndex({ name, dimensions: DIMENSIONS, encryption });
    const wrong = open({ passphrase: 'wrong' });
    await expect(wrong.search(numberedVector(1, DIMENSIONS))).rejects.toMatchObject({
      name: 'VectorIndexError',
      code: 'wrong-key',
    });
    expect(wrong.status.get()).toMatchObject({ state: 'error', error: { code: 'wrong-key' } });
    await expect(open({ key: await newKey() }).ready()).rejects.toMatchObject({
      code: 'wrong-key',
    });
    await expect(open().ready()).rejects.toMatchObject({ code: 'key-required' });
    expect(await open({ passphrase: 'right' }).count()).toBe(318);
    // Forgotten: it can still be deleted.
    await open().destroy();
    expect(await open({ passphrase: 'another' }).count()).toBe(0);
  });

  test('an index that is not encrypted does not become so by a key', async () => {
    const index = await fill({});
    await index.close();
    const encrypted = openTestIndex({
      name: index.name,
      dimensions: DIMENSIONS,
      encryption: { key: await newKey() },
    });
    await expect(encrypted.ready()).rejects.toMatchObject({ code: 'not-encrypted' });
    await expect(encrypted.insert(documentOf(1))).rejects.toMatchObject({ code: 'not-encrypted' });
    expect(await openTestIndex({ name: index.name, dimensions: DIMENSIONS }).count()).toBe(318);
  });

  test('another passphrase or key can be given to it', SLOW, async () => {
    const key = await newKey();
    const index = await fill({ encryption: { passphrase: 'old' } });
    const { name } = index;
    const other = openTestIndex({
      name,
      dimensions: DIMENSIONS,
      encryption: { passphrase: 'old' },
    });
    expect(await other.count()).toBe(318);
    await index.changeKey({ key });
    // A worker that is replaced opens with the new one.
    index.workers.kill();
    await index.insert(documentOf(400));
    // Whoever has it open goes on.
    await other.insert(documentOf(401));
    expect(await other.count()).toBe(320);
    await expect(other.changeKey({ passphrase: 'x' })).rejects.toMatchObject({ code: 'wrong-key' });
    await index.close();
    await other.close();
    const opened = openTestIndex({ name, dimensions: DIMENSIONS, encryption: { key } });
    expect(await opened.count()).toBe(320);
    const old = openTestIndex({ name, dimensions: DIMENSIONS, encryption: { passphrase: 'old' } });
    await expect(old.ready()).rejects.toMatchObject({ code: 'wrong-key' });
    const plain = await fill({});
    await expect(plain.changeKey({ key })).rejects.toMatchObject({ code: 'not-encrypted' });
  });

  test('three tabs write at once, and none loses anything', SLOW, async () => {
    const encryption = { key: await newKey() };
    const first = openTestIndex({ dimensions: DIMENSIONS, encryption });
    const { name } = first;
    const tabs = [
      first,
      ...[0, 1].map(() => openTestIndex({ name, dimensions: DIMENSIONS, encryption })),
    ];
    await Promise.all(
      tabs.map(async (tab, number) => {
        for (let n = 0; n < 15; n++) {
          await tab.insert(documents(number * 100 + n * 3, number * 100 + n * 3 + 3));
          if (n % 5 === 4) await tab.remove(`secret-id-${number * 100 + n}`);
          if (number === 0 && n === 7) await tab.optimize();
        }
      }),
    );
    const wanted = 3 * (45 - 3);
    for (const tab of tabs) {
      const { hits } = await tab.search(numberedVector(1, DIMENSIONS), { k: 500 });
      // A tab that wrote last may still be reading what others wrote.
      await expect.poll(() => tab.count(), { timeout: 10_000 }).toBe(wanted);
      expect(hits.length).toBeLessThanOrEqual(wanted);
    }
    expect(await first.verify()).toMatchObject({
      documents: wanted,
      withoutVector: [],
      strayVectors: 0,
      damagedOperations: 0,
      isCountRight: true,
    });
  });

  test('metadata that has no bytes is refused, typed, and nothing is stored', async () => {
    const index = openTestIndex({ dimensions: DIMENSIONS, encryption: { key: await newKey() } });
    await expect(
      index.insert({ ...documentOf(1), metadata: { file: new Blob(['x']) } }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await index.count()).toBe(0);
    await index.insert(documentOf(2));
    expect(await index.count()).toBe(1);
  });
});

describe('a key that the page keeps', () => {
  const NAME = 'keys-of-the-app';
  afterEach(() => void indexedDB.deleteDatabase(NAME));

  test('opens the index on the next visit, and can never be exported', async () => {
    const open = async () => {
      const request = indexedDB.open(NAME);
      request.onupgradeneeded = () => request.result.createObjectStore('keys');
      return promised(request);
    };
    const keep = await open();
    const key = await newKey();
    await promised(keep.transaction('keys', 'readwrite').objectStore('keys').put(key, 'index'));
    keep.close();
    const index = await fill({ encryption: { key } });
    await index.close();

    const again = await open();
    const kept = await promised(
      again.transaction('keys').objectStore('keys').get('index') as IDBRequest<CryptoKey>,
    );
    again.close();
    await expect(crypto.subtle.exportKey('raw', kept)).rejects.toThrow();
    const { name } = index;
    const next = openTestIndex({ name, dimensions: DIMENSIONS, encryption: { key: kept } });
    expect(await next.count()).toBe(318);
  });
});
