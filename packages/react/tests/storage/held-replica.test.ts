import { expect, test, vi } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import type { TableName } from '../../src/storage/schema.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { createFakeClock } from '../core/fake-clock.ts';
import { createTab, description, openTab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';
import { insertDocuments, numberedDocuments } from './insert-documents.ts';
import { quiet } from './quiet.ts';

const COUNT = 10;

interface SlowDriver extends StorageDriver {
  /** From here on what uses a table waits until this says so. Resolves when the first does. */
  hold(table: TableName): Promise<void>;
  release(): void;
}

function createSlowDriver(disk: StorageDriver): SlowDriver {
  let slow: TableName = 'blobs';
  let held: Promise<void> | null = null;
  let onHeld = () => undefined as void;
  let onReleased = () => undefined as void;
  return {
    ...disk,
    hold(table) {
      slow = table;
      held = new Promise((resolve) => (onReleased = resolve));
      return new Promise((resolve) => (onHeld = resolve));
    },
    release() {
      held = null;
      onReleased();
    },
    async transaction(mode, tables, body, durability) {
      if (held && tables.includes(slow)) {
        onHeld();
        await held;
      }
      return disk.transaction(mode, tables, body, durability);
    },
  };
}

/** A snapshot that is being stored, say, and meanwhile another tab writes. */
async function setUp(kind: 'snapshot' | 'verify' | 'repair' = 'snapshot', isWritten = true) {
  const engine = await startNodeEngine();
  const disk = createMemoryDriver();
  const slow = createSlowDriver(disk);
  const tab = await openTab(engine, slow);
  await insertDocuments(tab, numberedDocuments(0, COUNT));
  const other = await openTab(engine, disk);
  // Catching up reads the log as well.
  const isHeld = slow.hold(kind === 'snapshot' ? 'blobs' : 'operations');
  const work: Promise<unknown> = tab.call(kind, {});
  await isHeld;
  if (isWritten) {
    await insertDocuments(other, [{ id: 'd3', text: 'other', metadata: { kind: 'even' } }]);
    await other.call('remove', { opId: 'remove', namespace: 'n', ids: ['d4'] });
  }
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
    return work;
  };
  return { tab, search, finish };
}

const soon = <T>(answer: Promise<T>) =>
  Promise.race([
    answer,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error('It waits for what is under way.')), 1_000),
    ),
  ]);
const idsOf = ({ hits }: { hits: readonly { readonly id: string }[] }) =>
  hits.map(({ id }) => id).sort();

test('a search that meets what another tab wrote does not wait for a snapshot', async () => {
  const { search, finish } = await setUp();
  expect(idsOf(await soon(search()))).toEqual(['d0', 'd1', 'd2', 'd5', 'd6', 'd7', 'd8', 'd9']);
  expect(await finish()).toBe(true);
  expect(idsOf(await search())).toEqual(['d0', 'd1', 'd2', 'd3', 'd5', 'd6', 'd7', 'd8', 'd9']);
});

test('nor does a filter that is asked for the first time', async () => {
  const { tab, search, finish } = await setUp();
  const filter = { kind: 'even' };
  expect(await soon(tab.call('count', { namespace: 'n', filter }))).toBe(4);
  expect(idsOf(await soon(search(filter)))).toEqual(['d0', 'd2', 'd6', 'd8']);
  expect(await finish()).toBe(true);
  expect(idsOf(await search(filter))).toEqual(['d0', 'd2', 'd3', 'd6', 'd8']);
  expect(await tab.call('count', { namespace: 'n', filter })).toBe(5);
});

test.each(['verify', 'repair'] as const)('nor does either wait for %s()', async (kind) => {
  const { tab, search, finish } = await setUp(kind);
  const filter = { kind: 'even' };
  expect(idsOf(await soon(search()))).toHaveLength(8);
  expect(await soon(tab.call('count', { namespace: 'n', filter }))).toBe(4);
  expect(await finish()).toMatchObject({ damagedPacks: 0 });
  expect(idsOf(await search(filter))).toEqual(['d0', 'd2', 'd3', 'd6', 'd8']);
});

test('documents that are stored already do not wait, where nobody else has written', async () => {
  const { tab, finish } = await setUp('snapshot', false);
  const documents = [
    { namespace: 'n', id: 'd7', text: 'd7', metadata: { kind: 'odd', number: 7 } },
  ];
  const { actions } = await soon(tab.call('plan', { documents }));
  expect(actions).toMatchObject([{ action: 'same' }]);
  expect(await finish()).toBe(true);
});

test('a compaction that falls due while rows are read begins when they are', async () => {
  const clock = createFakeClock();
  const slow = createSlowDriver(createMemoryDriver());
  const tab = createTab(await startNodeEngine(), slow, { clock });
  await tab.call('open', description);
  // Enough for a graph, which keeps removed vectors until it is compacted.
  await insertDocuments(tab, numberedDocuments(0, 12_000));
  await quiet(clock, tab);
  const ids = numberedDocuments(0, 6_000).map(({ id }) => id);
  await tab.call('remove', { opId: 'remove', namespace: 'n', ids });
  const isHeld = slow.hold('operations');
  const work = tab.call('verify', {});
  await isHeld;
  await clock.advance(500);
  expect((await tab.call('stats', {})).tombstoneCount).toBeGreaterThan(2_000);
  slow.release();
  await work;
  await vi.waitFor(async () => {
    await clock.advance(1);
    expect((await tab.call('stats', {})).tombstoneCount).toBe(0);
  }, 30_000);
}, 60_000);
