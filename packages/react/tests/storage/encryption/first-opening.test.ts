import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createEncryptedDriver } from '../../../src/storage/encryption/encrypted-driver.ts';
import { KEY_ROWS } from '../../../src/storage/encryption/index-key.ts';
import { startNodeEngine } from '../../core/node-engine.ts';
import { description, encryptedDescription, openTab } from '../crash/tab.ts';

/** Tabs that open an index at the same time, of which one is a moment later. */

const engine = await startNodeEngine();

/** A disk on which something happens just before the first write to `meta`. */
function createLateDriver(disk: StorageDriver, before: () => Promise<unknown>): StorageDriver {
  let isLate = true;
  return {
    ...disk,
    async transaction(mode, tables, body, durability) {
      const isFirst = isLate && mode === 'readwrite' && tables.includes('meta');
      if (isFirst && (await isWriting(disk, body))) {
        isLate = false;
        await before();
      }
      return disk.transaction(mode, tables, body, durability);
    },
  };
}

/** Whether a transaction would write, tried on a copy. */
async function isWriting(disk: StorageDriver, body: (tx: never) => Promise<unknown>) {
  let writes = false;
  const stop = new Error('Only tried.');
  await disk
    .transaction('readwrite', ['meta', 'documents', 'vectors', 'operations'], async (tx) => {
      const put = () => {
        writes = true;
        return Promise.reject(stop);
      };
      await body({ ...tx, put } as never);
      throw stop;
    })
    .catch(() => undefined);
  return writes;
}

test('an index that became a plain one is not encrypted', async () => {
  const disk = createMemoryDriver();
  const late = createLateDriver(disk, () => openTab(engine, disk));
  await expect(openTab(engine, late, encryptedDescription)).rejects.toMatchObject({
    code: 'not-encrypted',
  });
  await openTab(engine, disk);
});

test('an index that became an encrypted one is not opened without its key', async () => {
  const disk = createMemoryDriver();
  const late = createLateDriver(disk, () => openTab(engine, disk, encryptedDescription));
  await expect(openTab(engine, late, description)).rejects.toMatchObject({ code: 'key-required' });
  await openTab(engine, disk, encryptedDescription);
});

test('a copy of a key that is healed takes nothing back of a change of it', async () => {
  const disk = createMemoryDriver();
  const newKey = () =>
    crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const [first, second] = [{ key: await newKey() }, { key: await newKey() }];
  await openTab(engine, disk, { ...description, encryption: first });
  await disk.transaction('readwrite', ['meta'], (tx) => tx.remove('meta', [KEY_ROWS[0]]));
  const late = createLateDriver(disk, async () => {
    const other = createEncryptedDriver(disk, description.name, first);
    await other.open();
    await other.changeKey(second);
  });
  const driver = createEncryptedDriver(late, description.name, first);
  await driver.open();
  const open = (encryption: typeof first) =>
    createEncryptedDriver(disk, description.name, encryption).open();
  await expect(open(first)).rejects.toMatchObject({ code: 'wrong-key' });
  await open(second);
});
