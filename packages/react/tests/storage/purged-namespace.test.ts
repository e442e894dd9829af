import { describe, expect, test } from 'vitest';
import type { OpenPayload } from '../../src/core/protocol.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { seal } from '../../src/storage/schema.ts';
import type { PackRow } from '../../src/storage/schema.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { description, encryptedDescription, openTab, readable } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';
import { storedBytes } from './encryption/stored-bytes.ts';

const SECRET = 'nobody-shall-know';
const engine = await startNodeEngine();

/** Two namespaces share a pack: one document stays in it, the secret one's does not. */
async function setUp(disk: StorageDriver, options: OpenPayload) {
  const tab = await openTab(engine, disk, options);
  const namespaces = ['kept', SECRET];
  await tab.call('put', {
    opId: 'put',
    embedderId: 'e',
    documents: namespaces.map((namespace, vector) => ({
      ...{ namespace, id: 'd', text: 'x', metadata: {}, truncated: false, vector },
    })),
    vectors: Float32Array.from(namespaces.flatMap((text) => [...vectorOf({ text })])),
  });
  const rows = readable(disk, options);
  await rows.open();
  return {
    rows,
    purge: () => tab.call('purge', { opId: 'purge', namespace: SECRET, ids: null }),
    remove: () => tab.call('remove', { opId: 'remove', namespace: SECRET, ids: null }),
    isStored: async () => String(await storedBytes(rows)).includes(SECRET),
  };
}

/** As an older version left it: the vector is gone, the name of its namespace is not. */
async function unwipe(rows: StorageDriver): Promise<void> {
  await rows.transaction('readwrite', ['vectors'], async (tx) => {
    const [pack] = await tx.range('vectors', {});
    if (!pack) throw new Error('There are no vectors.');
    expect(pack.ids).toEqual(['d', null]);
    await tx.put('vectors', [seal<PackRow>({ ...pack, namespaces: ['kept', SECRET] })]);
  });
}

describe.each([
  ['as it is', description],
  ['encrypted', encryptedDescription],
])('the name of a purged namespace, stored %s,', (_, options: OpenPayload) => {
  test('is gone from a pack that it shared', async () => {
    const { purge, isStored } = await setUp(createMemoryDriver(), options);
    expect(await isStored()).toBe(true);
    expect(await purge()).toEqual({ removed: 1, traces: 0 });
    expect(await isStored()).toBe(false);
  });

  test('is gone from a pack that an older version wrote', async () => {
    const { rows, purge, remove, isStored } = await setUp(createMemoryDriver(), options);
    await remove();
    await unwipe(rows);
    expect(await purge()).toEqual({ removed: 0, traces: 0 });
    expect(await isStored()).toBe(false);
  });
});

test('a name that an older version writes during the purge is a trace', async () => {
  const disk = createMemoryDriver();
  const shared: StorageDriver = {
    ...disk,
    async transaction(mode, tables, body, durability) {
      // All of these are read last, to see what is left.
      if (mode === 'readonly' && tables.includes('blobs')) await unwipe(disk);
      return disk.transaction(mode, tables, body, durability);
    },
  };
  const { purge } = await setUp(shared, description);
  expect(await purge()).toEqual({ removed: 1, traces: 1 });
});
