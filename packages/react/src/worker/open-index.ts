import type { Engine } from '@akin/engine/slim';
import type { VectorIndexErrorCode } from '../core/errors.ts';
import { randomId } from '../core/ports.ts';
import type { OpenPayload } from '../core/protocol.ts';
import { sameCanonical } from '../storage/canonical.ts';
import type { StorageDriver } from '../storage/driver.ts';
import type { PackRow, SnapshotRow } from '../storage/schema.ts';
import { createSnapshotStore } from '../storage/snapshots.ts';
import type { SnapshotStore } from '../storage/snapshots.ts';
import { createStore } from '../storage/store.ts';
import type { Store, Tail } from '../storage/store.ts';
import { engineError } from './engine-errors.ts';
import { createExactReplica } from './exact-replica.ts';
import { createReplica } from './replica.ts';
import type { Replica } from './replica.ts';
import { restoreReplica } from './restore.ts';
import { revisionsOf } from './take-snapshot.ts';
import type { SnapshotBase } from './take-snapshot.ts';

/** One index, open: its rows, and what can be searched of them. */
export interface OpenIndex {
  readonly description: OpenPayload;
  readonly driver: StorageDriver;
  readonly store: Store;
  readonly snapshots: SnapshotStore;
  readonly replica: Replica;
  /** What the replica was opened from, or was last stored as. */
  base: SnapshotBase | null;
  /** Packs that failed their checksum and were left out. */
  readonly damagedPacks: number;
  /** Snapshots that could not be opened. Rows stand for what they held. */
  readonly damagedSnapshots: number;
  /**
   * Whether the replica holds all documents but those whose vectors are lost for good. Of these only the ones that
   * it is without now are excused the next time.
   */
  holdsAll(documentCount: number): boolean;
  /**
   * Whether documents were stored that the replica was without when it last was brought up to date: their
   * vectors cannot be read.
   */
  readonly isLacking: boolean;
  /**
   * Reads what others have written since. Only ever one at a time, and not while an operation of
   * our own is between its commit and {@link settle}.
   */
  catchUp(): Promise<void>;
  /** Makes the replica anew, from rows alone. */
  rebuild(): Promise<void>;
  close(): void;
}

interface Loaded {
  readonly replica: Replica;
  readonly base: SnapshotBase | null;
  readonly damagedPacks: number;
  readonly damagedSnapshots: number;
  /** How many documents the head counted more than the replica held. */
  missing: number;
  /** Documents without a vector, when nothing was damaged that a repair might bring back. */
  readonly lacking: number;
}

export async function openIndex(
  description: OpenPayload,
  /** `null`: the index is to do without. */
  engine: Engine | null,
  driver: StorageDriver,
): Promise<OpenIndex> {
  const store = createStore(driver, description.durability);
  const snapshots = createSnapshotStore(driver);
  let loaded = await load({ description, engine, store, snapshots });
  let { base } = loaded;

  const replaceBy = (fresh: Loaded) => {
    loaded.replica.free();
    loaded = fresh;
    base = fresh.base;
  };

  return {
    description,
    driver,
    store,
    snapshots,
    get replica() {
      return loaded.replica;
    },
    get base() {
      return base;
    },
    set base(latest) {
      base = latest;
    },
    get damagedPacks() {
      return loaded.damagedPacks;
    },
    get damagedSnapshots() {
      return loaded.damagedSnapshots;
    },
    holdsAll(documentCount) {
      const { replica, lacking } = loaded;
      if (!holdsAll(replica, documentCount, lacking)) return false;
      loaded = { ...loaded, lacking: documentCount - replica.documentCount };
      return true;
    },
    get isLacking() {
      return loaded.missing !== 0;
    },
    async catchUp() {
      const { replica } = loaded;
      const tail = await followLog(store, replica);
      if (tail) {
        loaded.missing = tail.documentCount - replica.documentCount;
        return;
      }
      // The log no longer reaches back to where we are.
      replaceBy(await load({ description, engine, store, snapshots }));
    },
    async rebuild() {
      await dropSnapshots(snapshots);
      replaceBy(await loadRows({ description, engine, store, snapshots }, 0));
    },
    close() {
      driver.close();
      loaded.replica.free();
    },
  };
}

interface Source {
  readonly description: OpenPayload;
  readonly engine: Engine | null;
  readonly store: Store;
  readonly snapshots: SnapshotStore;
}

/**
 * From the newest snapshot that can be opened and the log after it, else from all rows. What cannot be
 * opened is refused, so that another is taken in its place and of none of its parts.
 */
async function load(source: Source): Promise<Loaded> {
  const { description, engine, store, snapshots } = source;
  if (!engine) {
    await dropSnapshots(snapshots);
    return loadRows(source, 0);
  }
  const refused = new Set<number>();
  const damaged = new Set<number>();
  for (;;) {
    // Anew each time: another tab may have stored a newer one, and deleted what an older one was made of.
    const rows = await snapshots.list();
    const damagedSnapshots = rows.filter(({ checksum }) => damaged.has(checksum)).length;
    const row = rows.find(({ checksum }) => !refused.has(checksum));
    if (!row) return loadRows(source, damagedSnapshots);
    if (sameCanonical(row.hnsw, graphOptions(description))) {
      const replica = await restore(source, engine, row);
      const opened = replica && (await bringUpToDate(store, replica, row));
      if (opened) return { ...opened, damagedPacks: 0, damagedSnapshots };
      if (!replica) damaged.add(row.checksum);
    }
    refused.add(row.checksum);
    snapshots.refuse(row);
  }
}

/** Fewer that are lacking were given their vectors, or removed. */
function holdsAll(replica: Replica, documentCount: number, lacking: number): boolean {
  const missing = documentCount - replica.documentCount;
  return missing >= 0 && missing <= lacking;
}

/** Applies the log to what a snapshot gave. `null`: it is of no use, and is freed. */
async function bringUpToDate(
  store: Store,
  replica: Replica,
  row: SnapshotRow,
): Promise<Pick<Loaded, 'replica' | 'base' | 'missing' | 'lacking'> | null> {
  let isUsable = false;
  try {
    const base = { row, revisions: revisionsOf(replica), knownCount: replica.slots.knownCount };
    const tail = await followLog(store, replica);
    // Other documents than the head counts: a snapshot or a part of the log is not what it says.
    isUsable = tail !== null && holdsAll(replica, tail.documentCount, row.lacking ?? 0);
    if (!isUsable || !tail) return null;
    const missing = tail.documentCount - replica.documentCount;
    return { replica, base, missing, lacking: missing };
  } finally {
    if (!isUsable) replica.free();
  }
}

async function loadRows(source: Source, damagedSnapshots: number): Promise<Loaded> {
  const { description, engine, store } = source;
  const create = () =>
    engine ? createReplica(engine, description) : createExactReplica(description);
  let replica = create();
  try {
    let refusedPacks = 0;
    const { seq, documentCount, damagedPacks } = await store.load(() => {
      replica.free();
      replica = create();
      refusedPacks = 0;
      return (pack) => {
        if (!takes(replica, pack)) refusedPacks++;
      };
    });
    replica.loaded(seq);
    const damaged = damagedPacks + refusedPacks;
    const missing = documentCount - replica.documentCount;
    const lacking = damaged > 0 ? 0 : missing;
    return { replica, base: null, damagedPacks: damaged, damagedSnapshots, missing, lacking };
  } catch (error) {
    replica.free();
    throw error;
  }
}

/** The engine may have failed over what it once stored: next time it begins with rows. */
async function dropSnapshots(snapshots: SnapshotStore): Promise<void> {
  if ((await snapshots.list()).length === 0) return;
  const epoch = randomId();
  await snapshots.begin(epoch);
  await snapshots.clear(epoch, { isPurge: false });
}

/** What refuses a snapshot, and no more than that. */
const UNUSABLE: ReadonlySet<VectorIndexErrorCode> = new Set([
  'corrupt',
  'invalid-input',
  'upgrade-required',
]);

async function restore(
  { description, snapshots }: Source,
  engine: Engine,
  row: SnapshotRow,
): Promise<Replica | null> {
  try {
    return await restoreReplica(engine, snapshots, row, description);
  } catch (error) {
    const known = engineError(error);
    if (known && UNUSABLE.has(known.code)) return null;
    throw error;
  }
}

/** Applies what was written since. `null`: the log does not say. */
async function followLog(store: Store, replica: Replica): Promise<Tail | null> {
  for (;;) {
    const tail = await store.tail(replica.seq);
    if (tail === null) return null;
    for (const operation of tail.operations) replica.apply(operation);
    if (replica.seq >= tail.seq) return tail;
  }
}

export function graphOptions({ hnsw }: OpenPayload): SnapshotRow['hnsw'] {
  const { m, efConstruction } = hnsw;
  return {
    ...(m === undefined ? {} : { m }),
    ...(efConstruction === undefined ? {} : { efConstruction }),
  };
}

/** One pack that the engine will not have must not keep the others from being found. */
function takes(replica: Replica, pack: PackRow): boolean {
  try {
    replica.loadPack(pack);
    return true;
  } catch (error) {
    if (engineError(error)?.code === 'invalid-input') return false;
    throw error;
  }
}
