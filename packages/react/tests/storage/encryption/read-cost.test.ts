import { expect, test } from 'vitest';
import { createEncryptedDriver } from '../../../src/storage/encryption/encrypted-driver.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createStore } from '../../../src/storage/store.ts';
import type { Store } from '../../../src/storage/store.ts';
import { createReadCountingDriver } from '../read-counting-driver.ts';

const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
  'encrypt',
  'decrypt',
]);

async function openStore(disk: StorageDriver): Promise<Store> {
  const driver = createEncryptedDriver(disk, 'counted', { key });
  await driver.open();
  const store = createStore(driver);
  await store.open({ metric: 'l2', dimensions: 2, embedderId: 'e', hnsw: {} }, 'birth');
  return store;
}

const insert = (store: Store, opId: string, ids: readonly string[]) =>
  store.put({
    opId,
    embedderId: 'e',
    entries: ids.map((id, vector) => ({
      ...{ namespace: 'n', id, text: id, metadata: {}, truncated: false, vector },
    })),
    vectors: new Float32Array(ids.length * 2),
    at: 1,
  });

test('removing a part of a namespace decrypts that part', async () => {
  const disk = createReadCountingDriver('documents');
  const store = await openStore(disk);
  await insert(
    store,
    'put',
    Array.from({ length: 300 }, (_, n) => `d${n}`),
  );
  disk.read = 0;
  const selection = { namespace: 'n', limit: 10 };
  expect(await store.remove({ opId: 'r', selection, at: 1 })).toMatchObject({ result: 10 });
  expect(disk.read).toBe(10);
  let removed = 10;
  while (removed < 300) {
    const { result } = await store.remove({ opId: `r${removed}`, selection, at: 1 });
    expect(result).toBe(10);
    removed += result;
  }
  expect(await store.list('n', 1, undefined)).toEqual([]);
});

test('no write decrypts the log, neither one that forgets a part of it', async () => {
  const disk = createReadCountingDriver('operations');
  const store = await openStore(disk);
  disk.read = 0;
  for (let n = 1; n <= 512; n++) await insert(store, `op ${n}`, [`d${n}`]);
  expect(disk.read).toBe(0);
});
