import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import type { SealedRow } from '../../../src/storage/encryption/sealed-rows.ts';
import { startNodeEngine } from '../../core/node-engine.ts';
import { encryptedDescription, openTab, readable } from '../crash/tab.ts';
import { dumpRows } from '../damage/damage.ts';
import { insertDocuments, numberedDocuments } from '../insert-documents.ts';

test('a removed document that was damaged is logged by its name, so that other tabs drop it', async () => {
  const engine = await startNodeEngine();
  const disk = createMemoryDriver();
  const tab = await openTab(engine, disk, encryptedDescription);
  await insertDocuments(tab, numberedDocuments(0, 1));
  const other = await openTab(engine, disk, encryptedDescription);
  await disk.transaction('readwrite', ['documents'], async (tx) => {
    const rows = (await tx.range('documents', {})) as unknown as SealedRow[];
    const damaged = rows.filter(({ data }) => data).map((row) => ({ ...row, checksum: -1 }));
    expect(damaged).toHaveLength(1);
    await tx.put('documents', damaged as never);
  });
  const page = { namespace: 'n', limit: 10, after: undefined };
  expect(await tab.call('list', page)).toEqual([]);

  expect(await tab.call('remove', { opId: 'r', namespace: 'n', ids: ['d0', 'absent'] })).toBe(1);
  const rows = readable(disk, encryptedDescription);
  await rows.open();
  expect((await dumpRows(rows)).operations.at(-1)?.keys).toEqual([['n', 'd0']]);
  await other.call('follow', {});
  for (const each of [tab, other]) expect(await each.call('count', { namespace: 'n' })).toBe(0);
  // Nor does what stood in for it stay in the order of names.
  await insertDocuments(tab, numberedDocuments(0, 1));
  expect(await tab.call('list', page)).toMatchObject([{ id: 'd0' }]);
});
