import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';
import { insertDocuments, numberedDocuments } from './insert-documents.ts';

/**
 * A worker that dies between a commit and its answer leaves a page that sends the operation again, under the
 * same name. Meanwhile another tab purges.
 */

const engine = await startNodeEngine();
const purgeAll = { opId: 'purge', namespace: 'n', ids: null };

test('an insert that is sent again brings nothing back that was purged meanwhile', async () => {
  const disk = createMemoryDriver();
  const tab = await openTab(engine, disk);
  await insertDocuments(tab, numberedDocuments(0, 1));
  const put = {
    opId: 'put',
    embedderId: 'e',
    documents: [{ namespace: 'n', id: 'x', text: 'x', metadata: {}, truncated: true, vector: 0 }],
    vectors: Float32Array.from(vectorOf({ text: 'x' })),
  };
  await tab.call('put', put);
  const other = await openTab(engine, disk);
  expect(await other.call('purge', { ...purgeAll, ids: ['x'] })).toEqual({ removed: 1, traces: 0 });

  expect(await tab.call('put', put)).toMatchObject({ kind: 'stored', result: { inserted: 1 } });
  await tab.call('follow', {});
  expect(await tab.call('get', { id: 'x', namespace: 'n', vector: false })).toBeUndefined();
  expect(await tab.call('count', { namespace: 'n', filter: undefined })).toBe(1);
  expect(await tab.call('verify', {})).toMatchObject({ documents: 1, damagedOperations: 0 });
});

test('a purge that is sent again takes nothing that was inserted after it', async () => {
  const disk = createMemoryDriver();
  const tab = await openTab(engine, disk);
  await insertDocuments(tab, numberedDocuments(0, 5));
  expect(await tab.call('purge', purgeAll)).toEqual({ removed: 5, traces: 0 });
  const other = await openTab(engine, disk);
  await insertDocuments(other, numberedDocuments(10, 13));

  expect(await tab.call('purge', purgeAll)).toMatchObject({ removed: 5 });
  expect(await tab.call('count', { namespace: 'n', filter: undefined })).toBe(3);
  expect(await other.call('count', { namespace: 'n', filter: undefined })).toBe(3);
});
