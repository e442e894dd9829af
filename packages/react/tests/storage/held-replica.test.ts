import { expect, test } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';
import { insertDocuments, numberedDocuments } from './insert-documents.ts';

const COUNT = 10;

interface SlowDriver extends StorageDriver {
  /** From here on Blobs are not stored until this says so. Resolves when the first is to be. */
  hold(): Promise<void>;
  release(): void;
}

function createSlowDriver(disk: StorageDriver): SlowDriver {
  let held: Promise<void> | null = null;
  let onHeld = () => undefined as void;
  let onReleased = () => undefined as void;
  return {
    ...disk,
    hold() {
      held = new Promise((resolve) => (onReleased = resolve));
      return new Promise((resolve) => (onHeld = resolve));
    },
    release() {
      held = null;
      onReleased();
    },
    async transaction(mode, tables, body, durability) {
      if (held && mode === 'readwrite' && tables.includes('blobs')) {
        onHeld();
        await held;
      }
      return disk.transaction(mode, tables, body, durability);
    },
  };
}

/** A snapshot that is being stored, and meanwhile another tab writes. */
async function setUp() {
  const engine = await startNodeEngine();
  const disk = createMemoryDriver();
  const slow = createSlowDriver(disk);
  const tab = await openTab(engine, slow);
  await insertDocuments(tab, numberedDocuments(0, COUNT));
  const other = await openTab(engine, disk);
  const isHeld = slow.hold();
  const snapshot = tab.call('snapshot', {});
  await isHeld;
  await insertDocuments(other, [{ id: 'd3', text: 'other', metadata: { kind: 'even' } }]);
  await other.call('remove', { opId: 'remove', namespace: 'n', ids: ['d4'] });
  const search = (filter?: object) =>
    tab.call('search', {
      target: vectorOf({ text: 'd7' }),
      k: COUNT,
      namespace: 'n',
      minScore: undefined,
      diversity: 0,
      efSearch: undefined,
      exact: true,
      filter,
    });
  const finish = async () => {
    slow.release();
    expect(await snapshot).toBe(true);
  };
  return { tab, search, finish };
}

const soon = <T>(answer: Promise<T>) =>
  Promise.race([
    answer,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error('It waits for the snapshot.')), 1_000),
    ),
  ]);
const idsOf = ({ hits }: { hits: readonly { readonly id: string }[] }) =>
  hits.map(({ id }) => id).sort();

test('a search that meets what another tab wrote does not wait for a snapshot', async () => {
  const { search, finish } = await setUp();
  expect(idsOf(await soon(search()))).toEqual(['d0', 'd1', 'd2', 'd5', 'd6', 'd7', 'd8', 'd9']);
  await finish();
  expect(idsOf(await search())).toEqual(['d0', 'd1', 'd2', 'd3', 'd5', 'd6', 'd7', 'd8', 'd9']);
});

test('nor does a filter that is asked for the first time', async () => {
  const { tab, search, finish } = await setUp();
  const filter = { kind: 'even' };
  expect(await soon(tab.call('count', { namespace: 'n', filter }))).toBe(4);
  expect(idsOf(await soon(search(filter)))).toEqual(['d0', 'd2', 'd6', 'd8']);
  await finish();
  expect(idsOf(await search(filter))).toEqual(['d0', 'd2', 'd3', 'd6', 'd8']);
  expect(await tab.call('count', { namespace: 'n', filter })).toBe(5);
});
