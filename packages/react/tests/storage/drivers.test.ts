import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { createDexieDriver } from '../../src/storage/dexie-driver.ts';
import { createEncryptedDriver } from '../../src/storage/encryption/encrypted-driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { describeDriver } from './driver-contract.ts';
import { describeStore } from './store-contract.ts';

let count = 0;
const createFake = () => createDexieDriver(`test-${count++}`);
const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
  'encrypt',
  'decrypt',
]);
const encryption = { key };
const createEncrypted = () => createEncryptedDriver(createMemoryDriver(), 'encrypted', encryption);

describeDriver('memory driver', createMemoryDriver);
describeDriver('Dexie driver on fake-indexeddb', createFake);
describeDriver('encrypted driver over memory', createEncrypted);
describeStore('store in memory', createMemoryDriver);
describeStore('store on fake-indexeddb', createFake);
describeStore('encrypted store in memory', createEncrypted);
describeStore('encrypted store on fake-indexeddb', () =>
  createEncryptedDriver(createFake(), 'encrypted', encryption),
);

test('every write asks for strictness', async () => {
  const asked = vi.spyOn(IDBDatabase.prototype, 'transaction');
  const driver = createFake();
  try {
    await driver.open();
    await driver.transaction('readwrite', ['meta'], (tx) => tx.put('meta', []));
    const writes = asked.mock.calls.filter(([, mode]) => mode === 'readwrite');
    expect(writes.map(([, , options]) => options?.durability)).toEqual(['strict']);
  } finally {
    asked.mockRestore();
    await driver.destroy();
  }
});
