import type { Clock, Locks } from '../core/ports.ts';
import { randomId } from '../core/ports.ts';
import { closedError } from '../core/errors.ts';
import { purgeTraces } from '../storage/purge.ts';
import type { Purged } from '../storage/purge.ts';
import type { SnapshotRow } from '../storage/schema.ts';
import { compact } from './compact.ts';
import { engineError } from './engine-errors.ts';
import { graphOptions } from './open-index.ts';
import type { OpenIndex } from './open-index.ts';
import { planSnapshot } from './take-snapshot.ts';

/** Without writes for this long, a snapshot keeps nobody waiting. */
const QUIET_MS = 2_000;
/** Where it is never quiet, this long after the first write. */
const MOST_WAIT_MS = 60_000;
/** Rows written since the last snapshot that make the next opening slow enough to be worth one. */
const LEAST_BYTES = 2 ** 22;
const LEAST_OPERATIONS = 1_000;
/** What a snapshot may write, as a multiple of what was written since the last one. */
const WRITE_FACTOR = 2;
/** Documents whose metadata was read for a filter, which the next opening is worth sparing. */
const LEAST_KNOWN = 2_000;
/** What storing that may write, a document. */
const BYTES_PER_KNOWN = 256;
/** So many operations are written to a snapshot at whatever cost, before the log forgets them. */
const MOST_OPERATIONS = 5_000;

export interface MaintenancePorts {
  readonly clock: Clock;
  readonly locks: Locks;
  readonly need: () => OpenIndex | null;
  /** Whether anything is left of a snapshot when this worker ends. */
  readonly isStored: boolean;
  /** Runs while nothing is written and the graph stands still. */
  readonly alone: (run: () => Promise<void>) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Takes snapshots when they are due: in one tab, and when nobody writes. */
export interface Maintenance {
  /** Something was written, or the graph is complete. */
  wake(): void;
  /** Deletes what is left of documents that were removed. Resolves with the traces it still found. */
  purge(purged: Purged): Promise<number>;
  /** Takes a snapshot now, due or not. Resolves with whether it did: another tab may be at it. */
  run(): Promise<boolean>;
  stop(): void;
}

export function createMaintenance(ports: MaintenancePorts): Maintenance {
  let cancel: (() => void) | null = null;
  let latestAt: number | null = null;
  let isStopped = false;

  const erase = (index: OpenIndex) => {
    const { replica } = index;
    return compact(replica, {
      isCurrent: () => ports.need() === index && index.replica === replica,
    });
  };

  const maintain = async (isForced: boolean): Promise<boolean> => {
    const index = ports.need();
    if (!index) return false;
    let isTaken = false;
    await ports.locks.runIfFree(lockName(index), () =>
      ports.alone(async () => {
        if (isStopped || ports.need() !== index) return;
        isTaken = await snapshotIfDue(index, isForced, erase);
      }),
    );
    return isTaken;
  };

  return {
    wake() {
      cancel?.();
      if (isStopped || !ports.isStored) return;
      const now = ports.clock.now();
      latestAt ??= now + MOST_WAIT_MS;
      cancel = ports.clock.after(Math.max(0, Math.min(QUIET_MS, latestAt - now)), () => {
        cancel = latestAt = null;
        maintain(false).catch((error: unknown) => {
          // Rows are complete without it, and the next write brings another try.
          if (!engineError(error)) ports.onFailure(error);
        });
      });
    },
    run: () => maintain(true),
    async purge(purged) {
      const index = ports.need();
      if (!index) throw closedError();
      let traces = 0;
      await ports.locks.run(lockName(index), () =>
        ports.alone(async () => {
          // It may have been closed while another tab was at it.
          if (ports.need() !== index) throw closedError();
          await index.catchUp();
          await erase(index);
          index.replica.slots.compactMetadata();
          traces = await purgeTraces(index.driver, index.snapshots, randomId(), purged);
          index.base = null;
        }),
      );
      // It has deleted the snapshots, and what woke this meanwhile found the lock held.
      this.wake();
      return traces;
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}

function lockName({ description }: OpenIndex): string {
  return `akin/${description.name}/maintain`;
}

async function snapshotIfDue(
  index: OpenIndex,
  isForced: boolean,
  erase: (index: OpenIndex) => Promise<void>,
): Promise<boolean> {
  await index.catchUp();
  const { replica, store, snapshots } = index;
  if (!isForced && !(replica.hasGraph && replica.isSettled)) return false;
  const { seq, ...before } = await store.head();
  // A tab that writes just now will be quiet later.
  if (seq !== replica.seq) return false;
  // What counts other documents than the head is opened by nobody: it takes a repair.
  if (!isForced && !index.holdsAll(before.documentCount)) return false;

  const newest = await snapshots.newest();
  const bytesSince = (before.writtenBytes ?? 0) - (newest?.writtenBytes ?? 0);
  const operationsSince = seq - (newest?.seq ?? 0);
  const knownSince = countUnstored(index, newest);
  const isWorthIt =
    bytesSince >= LEAST_BYTES || operationsSince >= LEAST_OPERATIONS || knownSince >= LEAST_KNOWN;
  if (!isForced && !isWorthIt) return false;

  // Before anything of it is read: a purge that comes later fences this off, and one that came earlier is
  // seen in what is read now.
  const epoch = randomId();
  await snapshots.begin(epoch);
  const head = await store.head();
  if (head.seq !== replica.seq) return false;
  if (await snapshots.isPurged()) await erase(index);
  const plan = await planSnapshot(replica, snapshots, index.base);
  const allowance = WRITE_FACTOR * bytesSince + BYTES_PER_KNOWN * knownSince;
  const isCheap = plan.bytes <= allowance || operationsSince >= MOST_OPERATIONS;
  if (!isForced && !isCheap) return false;
  const lacking = head.documentCount - replica.documentCount;
  index.base = await plan.store(epoch, {
    documentCount: head.documentCount,
    ...(lacking > 0 && index.holdsAll(head.documentCount) ? { lacking } : {}),
    writtenBytes: head.writtenBytes ?? 0,
    hnsw: graphOptions(index.description),
  });
  return true;
}

/** Documents whose metadata was learned, and is in no snapshot yet. */
function countUnstored({ replica, base }: OpenIndex, newest: SnapshotRow | undefined): number {
  const { knownCount, columns } = replica.slots;
  const holdsFields = (row: SnapshotRow | undefined) =>
    row?.fields !== undefined && columns.fields.every((name) => row.fields?.includes(name));
  // Once a tab has stored its fields it leaves it at that, or two with different ones would take turns.
  if (!holdsFields(newest) && !holdsFields(base?.row)) return knownCount;
  // What of these fields another tab has stored, nobody else can tell.
  const isOwn = base && base.row.checksum === newest?.checksum;
  return isOwn ? Math.max(0, knownCount - base.knownCount) : 0;
}
