import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';
import { insertDocuments, numberedDocuments } from './insert-documents.ts';

test('a document of a damaged pack can be found once it is inserted again as it was', async () => {
  const engine = await startNodeEngine();
  const disk = createMemoryDriver();
  const tab = await openTab(engine, disk);
  const documents = numberedDocuments(0, 3);
  await insertDocuments(tab, documents);
  await tab.call('close', {});
  await disk.open();
  await disk.transaction('readwrite', ['vectors'], async (tx) => {
    const [pack] = await tx.range('vectors', {});
    if (!pack) throw new Error('There are no vectors.');
    const data = pack.data.slice(0);
    new Uint8Array(data)[0]! ^= 1;
    await tx.put('vectors', [{ ...pack, data }]);
  });

  const again = await openTab(engine, disk);
  const ids = async () => {
    const { hits } = await again.call('search', {
      target: vectorOf({ text: 'd2' }),
      k: 3,
      namespace: 'n',
      ...{ minScore: undefined, diversity: 0, efSearch: undefined, exact: true, filter: undefined },
    });
    return hits.map(({ id }) => id);
  };
  expect(await ids()).toEqual([]);
  await insertDocuments(again, documents.slice(2));
  expect(await ids()).toEqual(['d2']);
});
