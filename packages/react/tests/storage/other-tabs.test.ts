import { expect, test } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { seal } from '../../src/storage/schema.ts';
import type { DocumentRow } from '../../src/storage/schema.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from './crash/tab.ts';
import type { Tab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';
import { changeDocuments, insertDocuments, numberedDocuments } from './insert-documents.ts';

/** Two tabs without a channel: what is acknowledged in one has to show there all the same. */

const engine = await startNodeEngine();

async function twoTabs() {
  const disk = createMemoryDriver();
  const tab = await openTab(engine, disk);
  await insertDocuments(tab, numberedDocuments(0, 5));
  const other = await openTab(engine, disk);
  return { disk, tab, other };
}

const count = (tab: Tab) => tab.call('count', { namespace: 'n' });
const get = (tab: Tab, id: string) => tab.call('get', { id, namespace: 'n', vector: true });

test('what another tab has inserted just so is there once it is acknowledged here', async () => {
  const { tab, other } = await twoTabs();
  const more = numberedDocuments(5, 8);
  await insertDocuments(other, more);
  await insertDocuments(tab, more);
  expect(await count(tab)).toBe(8);

  await insertDocuments(other, [{ id: 'text' }]);
  const text = { namespace: 'n', id: 'text', text: 'text', metadata: {} };
  const { actions } = await tab.call('plan', { documents: [text] });
  expect(actions).toMatchObject([{ action: 'same' }]);
  expect(await count(tab)).toBe(9);
});

test('what another tab has removed is gone once its removal is acknowledged here', async () => {
  const { tab, other } = await twoTabs();
  const remove = { namespace: 'n', ids: ['d3'] };
  expect(await other.call('remove', { ...remove, opId: 'there' })).toBe(1);
  expect(await tab.call('remove', { ...remove, opId: 'here' })).toBe(0);
  expect(await count(tab)).toBe(4);
});

/** Embeds a text again whose vector a repair found missing. */
async function restore(tab: Tab, id: string, text: string) {
  const [vector] = [vectorOf({ text })];
  return tab.call('put', {
    opId: `restore ${id}`,
    embedderId: 'e',
    documents: [{ namespace: 'n', id, text, metadata: undefined, truncated: false, vector: 0 }],
    vectors: Float32Array.from(vector),
    isRestoring: true,
  });
}

/** Loses the vectors of all documents that there are. */
async function loseVectors(disk: StorageDriver, tab: Tab): Promise<void> {
  await disk.transaction('readwrite', ['vectors'], async (tx) => {
    await tx.remove('vectors', await tx.keys('vectors'));
  });
  expect((await tab.call('repair', {})).withoutVector).toHaveLength(5);
}

test('a vector that was lost is restored, and nothing else changes', async () => {
  const { disk, tab } = await twoTabs();
  const before = await get(tab, 'd2');
  await loseVectors(disk, tab);
  expect(await restore(tab, 'd2', 'd2')).toMatchObject({ result: { updated: 1 } });
  expect(await get(tab, 'd2')).toEqual(before);
});

test('a vector is not restored over what was written meanwhile', async () => {
  const { disk, tab, other } = await twoTabs();
  await loseVectors(disk, tab);
  await other.call('remove', { opId: 'remove', namespace: 'n', ids: ['d0'] });
  await insertDocuments(other, [{ id: 'd1', text: 'another' }]);
  await insertDocuments(other, [{ id: 'd2', metadata: { is: 'inserted' } }]);
  await changeDocuments(other, [{ id: 'd3', metadata: { is: 'changed' } }]);

  for (const id of ['d0', 'd1', 'd2']) {
    const kept = await get(other, id);
    expect(await restore(tab, id, id)).toMatchObject({ result: { unchanged: 1 } });
    expect(await get(tab, id)).toEqual(kept);
  }
  expect(await restore(tab, 'd3', 'd3')).toMatchObject({ result: { updated: 1 } });
  const restored = await get(tab, 'd3');
  expect(restored).toMatchObject({ text: 'd3', metadata: { is: 'changed' } });
  expect(restored?.vector).toEqual(Float32Array.from(vectorOf({ text: 'd3' })));
});

test('a list is as long as was asked for, whatever is damaged on the way', async () => {
  const { disk, tab } = await twoTabs();
  await disk.transaction('readwrite', ['documents'], async (tx) => {
    for (const id of ['d0', 'd1', 'd3']) {
      const row = (await tx.get('documents', ['n', id])) as DocumentRow;
      await tx.put('documents', [{ ...seal<DocumentRow>(row), text: 'damaged' }]);
    }
  });
  const list = async (limit: number, after?: string) =>
    (await tab.call('list', { namespace: 'n', limit, after })).map(({ id }) => id);
  expect(await list(1)).toEqual(['d2']);
  expect(await list(1, 'd2')).toEqual(['d4']);
  expect(await list(2)).toEqual(['d2', 'd4']);
  expect(await list(3)).toEqual(['d2', 'd4']);
  expect(await list(0)).toEqual([]);
});
