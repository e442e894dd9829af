import type { Engine } from '@akin/engine/slim';
import { expect } from 'vitest';
import { isVectorIndexError } from '../../../src/core/errors.ts';
import type { Locks } from '../../../src/core/ports.ts';
import type { OpenPayload } from '../../../src/core/protocol.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import { isIntact } from '../../../src/storage/schema.ts';
import type { SnapshotRow } from '../../../src/storage/schema.ts';
import { blobsOf, createSnapshotStore } from '../../../src/storage/snapshots.ts';
import { restoreReplica } from '../../../src/worker/restore.ts';
import { createFaultyDriver } from './faulty-driver.ts';
import type { Fault, FaultyDriver } from './faulty-driver.ts';
import { createLocks, createTab, description, readable } from './tab.ts';
import type { Tab } from './tab.ts';
import { DIMENSIONS, NAMESPACES, vectorOf } from './workload.ts';
import type { Action } from './workload.ts';

/** What is stored, as far as it was acknowledged: `namespace/id` to text and version. */
type State = ReadonlyMap<string, string>;

interface FaultyTab extends Tab {
  readonly driver: FaultyDriver;
}

/**
 * Runs a workload on two tabs over one disk, the fault in the first tab. A tab that died is
 * replaced, as the supervisor does it, and its last write is sent again under its name.
 *
 * @returns the steps that the first tab took until it died, or in all
 */
export async function simulate(
  engine: Engine,
  actions: readonly Action[],
  fault: Fault | null,
  payload: OpenPayload = description,
): Promise<number> {
  const disk = createMemoryDriver();
  const locks = createLocks();
  const open = async (tabFault: Fault | null) => {
    const driver = createFaultyDriver(disk, tabFault);
    return { driver, ...(await openStubbornly(engine, driver, locks, payload)) };
  };
  const first = await open(fault);
  let tabs = [first, await open(null)] as [FaultyTab, FaultyTab];
  // Died while it opened.
  if (first.driver.isDead) tabs = [await revive(first), tabs[1]];
  let state: State = new Map();
  let hasSnapshot = false;

  async function revive(dead: FaultyTab): Promise<FaultyTab> {
    await dead.call('close', {});
    return open(null);
  }

  for (const action of actions) {
    const { tab } = action;
    const next = afterwards(state, action);
    const outcome = await attempt(tabs[tab] as FaultyTab, action, payload);
    if (action.kind === 'purge') hasSnapshot = false;
    // One that was stored is there until a purge, whatever happens to its successors.
    if (hasSnapshot) await checkSnapshots(engine, readable(disk, payload), 1);
    if (outcome === 'done') {
      state = next;
      if (action.kind === 'snapshot') hasSnapshot = true;
      continue;
    }
    if (tabs[tab]?.driver.isDead) {
      tabs[tab] = await revive(tabs[tab]);
      const found = await stateOf(tabs[tab]);
      // All of it or nothing of it.
      expect([sorted(state), sorted(next)]).toContainEqual(sorted(found));
    } else if (action.kind !== 'reopen') {
      // None of it is there, or all, if what failed was reading it back after the commit.
      const found = await stateOf(tabs[tab] as FaultyTab);
      expect([sorted(state), sorted(next)]).toContainEqual(sorted(found));
    }
    expect(await attempt(tabs[tab] as FaultyTab, action, payload)).toBe('done');
    if (action.kind === 'snapshot') hasSnapshot = true;
    state = next;
  }

  const { steps } = first.driver;
  first.driver.disarm();
  for (const tab of tabs) await checkTab(tab, state);
  await checkDisk(engine, readable(disk, payload), state);
  for (const tab of tabs) await tab.call('close', {});
  const last = await open(null);
  await checkTab(last, state);
  expect(await last.call('snapshot', {})).toBe(true);
  await last.call('close', {});
  await checkDisk(engine, readable(disk, payload), state, true);
  return steps;
}

/** A refusal is no reason not to try again, unless the process is dead. */
async function openStubbornly(
  engine: Engine,
  driver: FaultyDriver,
  locks: Locks,
  payload: OpenPayload,
): Promise<Tab> {
  const tab = createTab(engine, driver, { locks });
  for (;;) {
    try {
      await tab.call('open', payload);
      return tab;
    } catch (error) {
      if (!isVectorIndexError(error)) throw error;
      if (driver.isDead) return tab;
    }
  }
}

/** Does it, or says that it was refused. What a dead tab says is not heard. */
async function attempt(
  tab: FaultyTab,
  action: Action,
  payload: OpenPayload,
): Promise<'done' | 'refused'> {
  try {
    await perform(tab, action, payload);
  } catch (error) {
    // Anything else is a bug, not the disk.
    if (!isVectorIndexError(error)) throw error;
    return 'refused';
  }
  return tab.driver.isDead ? 'refused' : 'done';
}

async function perform(tab: Tab, action: Action, payload: OpenPayload): Promise<void> {
  switch (action.kind) {
    case 'put': {
      const { opId, documents } = action;
      const planned = documents.map(({ namespace, id, text, version }) => ({
        namespace,
        id,
        text,
        metadata: { version },
      }));
      for (;;) {
        const { actions } = await tab.call('plan', { documents: planned });
        const vectors: Float32Array[] = [];
        const entries = planned.map((document, at) => {
          const keeps = actions[at]?.action !== 'embed';
          if (!keeps) vectors.push(vectorOf(document));
          return { ...document, truncated: false, vector: keeps ? null : vectors.length - 1 };
        });
        const reply = await tab.call('put', {
          opId,
          embedderId: 'e',
          documents: entries,
          vectors: Float32Array.from(vectors.flatMap((vector) => [...vector])),
        });
        if (reply.kind === 'stored') return;
      }
    }
    case 'remove': {
      const { opId, namespace, ids } = action;
      await tab.call('remove', { opId, namespace, ids });
      return;
    }
    case 'purge': {
      const { opId, namespace, ids } = action;
      expect(await tab.call('purge', { opId, namespace, ids })).toMatchObject({ traces: 0 });
      return;
    }
    case 'snapshot':
      await tab.call('snapshot', {});
      return;
    case 'search':
      await search(
        tab,
        NAMESPACES[0],
        Float32Array.from({ length: DIMENSIONS }, () => 0.5),
        // So that what filters need is learned, stored and followed too.
        filterFrom(0),
      );
      return;
    case 'reopen':
      await tab.call('close', {});
      await tab.call('open', payload);
  }
}

function afterwards(state: State, action: Action): State {
  const next = new Map(state);
  if (action.kind === 'put') {
    for (const { namespace, id, text, version } of action.documents) {
      next.set(`${namespace}/${id}`, `${text}, ${version}`);
    }
  } else if (action.kind === 'remove' || action.kind === 'purge') {
    const { namespace, ids } = action;
    for (const key of state.keys()) {
      if (ids ? ids.some((id) => key === `${namespace}/${id}`) : key.startsWith(`${namespace}/`)) {
        next.delete(key);
      }
    }
  }
  return next;
}

async function stateOf(tab: Tab): Promise<State> {
  const state = new Map<string, string>();
  for (const namespace of NAMESPACES) {
    const documents = await tab.call('list', { namespace, limit: 1_000, after: undefined });
    for (const { id, text, metadata } of documents) {
      state.set(`${namespace}/${id}`, `${text}, ${String(metadata.version)}`);
    }
  }
  return state;
}

const filterFrom = (version: number) => ({ version: { gte: version } });

function search(
  tab: Tab,
  namespace: string,
  target: Float32Array,
  filter?: ReturnType<typeof filterFrom>,
) {
  return tab.call('search', {
    target,
    filter,
    k: 1_000,
    namespace,
    minScore: undefined,
    diversity: 0,
    efSearch: undefined,
    exact: false,
  });
}

/** A tab finds exactly what was acknowledged, by its own vector. */
async function checkTab(tab: Tab, state: State): Promise<void> {
  expect(sorted(await stateOf(tab))).toEqual(sorted(state));
  // No hint ever arrives here.
  await tab.call('follow', {});
  for (const [key, value] of state) {
    const [namespace = '', id] = key.split('/');
    const text = value.slice(0, value.lastIndexOf(', '));
    const { hits } = await search(tab, namespace, vectorOf({ text }));
    const best = hits.filter(({ score }) => score > 0.98).map((hit) => hit.id);
    expect(best).toContain(id);
    const names = [...state.keys()].filter((other) => other.startsWith(`${namespace}/`));
    expect(hits.map((hit) => `${namespace}/${hit.id}`).sort()).toEqual(names.sort());
  }
  const versions = [...state].map(([key, value]) => {
    const [namespace = '', id = ''] = key.split('/');
    return { namespace, id, version: Number(value.slice(value.lastIndexOf(', ') + 2)) };
  });
  const middle = versions.map(({ version }) => version).sort((a, b) => a - b)[versions.length >> 1];
  for (const namespace of NAMESPACES) {
    const wanted = versions.filter(
      (one) => one.namespace === namespace && one.version >= (middle ?? 0),
    );
    const filter = filterFrom(middle ?? 0);
    const { hits } = await search(tab, namespace, new Float32Array(DIMENSIONS), filter);
    expect(hits.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
  }
}

/** What is on the disk agrees with itself. */
async function checkDisk(
  engine: Engine,
  disk: StorageDriver,
  state: State,
  isTidy = false,
): Promise<void> {
  await disk.open();
  const rows = await disk.transaction(
    'readonly',
    ['meta', 'documents', 'vectors', 'operations', 'blobs'],
    async (tx) => ({
      meta: await tx.range('meta', {}),
      documents: await tx.range('documents', {}),
      packs: await tx.range('vectors', {}),
      operations: await tx.range('operations', {}),
      blobs: await tx.range('blobs', {}),
    }),
  );
  for (const table of Object.values(rows)) expect(table.every(isIntact)).toBe(true);

  const head = rows.meta.find((row) => row.key === 'head');
  expect(head?.key === 'head' && head.documentCount).toBe(state.size);
  if (head?.key === 'head') {
    expect(rows.operations.map(({ seq }) => seq)).toEqual(
      Array.from({ length: head.seq }, (_, position) => position + 1),
    );
    // A purge has the log forget names so far.
    const { logStart = 1 } = head;
    for (const { seq, keys, result } of rows.operations) {
      const named = [...keys, ...(typeof result === 'object' ? result.truncated : [])];
      if (seq < logStart) expect(named).toEqual([]);
    }
  }
  const names = new Set(rows.operations.map(({ opId }) => opId));
  expect(names.size).toBe(rows.operations.length);

  const packs = new Map(rows.packs.map((pack) => [pack.pack, pack]));
  let living = 0;
  for (const { ids } of packs.values()) living += ids.filter((id) => id !== null).length;
  expect(living).toBe(rows.documents.length);
  for (const { id, namespace, pack, row } of rows.documents) {
    expect(packs.get(pack)?.ids[row]).toBe(id);
    expect(packs.get(pack)?.namespaces[row]).toBe(namespace);
  }

  const stored = await checkSnapshots(engine, disk, 0);
  if (!isTidy) return;
  const named = new Set(stored.flatMap(blobsOf));
  expect(rows.blobs.map(({ blob }) => blob)).toEqual([...named].sort((a, b) => a - b));
}

/** Every snapshot whose row is there opens, and holds what it says. */
async function checkSnapshots(
  engine: Engine,
  disk: StorageDriver,
  least: number,
): Promise<SnapshotRow[]> {
  await disk.open();
  const snapshots = createSnapshotStore(disk);
  const stored = await snapshots.list();
  expect(stored.length).toBeGreaterThanOrEqual(least);
  for (const row of stored) {
    const replica = await restoreReplica(engine, snapshots, row, description);
    expect(replica.documentCount).toBe(row.documentCount);
    replica.free();
  }
  return stored;
}

function sorted(state: State): string[] {
  return [...state].map(([key, value]) => `${key}: ${value}`).sort();
}
