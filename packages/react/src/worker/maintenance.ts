import type { Clock, Locks } from '../core/ports.ts';
import { randomId } from '../core/ports.ts';
import { closedError } from '../core/errors.ts';
import { purgeTraces } from '../storage/purge.ts';
import type { Purged } from '../storage/purge.ts';
import { compact } from './compact.ts';
import { engineError } from './engine-errors.ts';
import { graphOptions } from './open-index.ts';
import type { OpenIndex } from './open-index.ts';
import { planSnapshot } from './take-snapshot.ts';

/** Without writes for this long, a snapshot keeps nobody waiting. */
const QUIET_MS = 2_000;
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
      if (isStopped) return;
      cancel = ports.clock.after(QUIET_MS, () => {
        cancel = null;
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
  const head = await store.head();
  // A tab that writes just now will be quiet later.
  if (head.seq !== replica.seq || (!isForced && !replica.isSettled)) return false;

  const [newest] = await snapshots.list();
  const writtenBytes = head.writtenBytes ?? 0;
  const bytesSince = writtenBytes - (newest?.writtenBytes ?? 0);
  const operationsSince = head.seq - (newest?.seq ?? 0);
  // Only of its own snapshots a tab knows what of its metadata is in them.
  const isOwn = newest !== undefined && index.base?.row.checksum === newest.checksum;
  const knownSince = replica.slots.knownCount - (isOwn ? (index.base?.knownCount ?? 0) : 0);
  const isWorthIt =
    bytesSince >= LEAST_BYTES || operationsSince >= LEAST_OPERATIONS || knownSince >= LEAST_KNOWN;
  if (!isForced && !isWorthIt) return false;

  if (await snapshots.isPurged()) await erase(index);
  const plan = await planSnapshot(replica, snapshots, index.base);
  const allowance = WRITE_FACTOR * bytesSince + BYTES_PER_KNOWN * Math.max(0, knownSince);
  const isCheap = plan.bytes <= allowance || operationsSince >= MOST_OPERATIONS;
  if (!isForced && !isCheap) return false;
  index.base = await plan.store(randomId(), {
    documentCount: head.documentCount,
    writtenBytes,
    hnsw: graphOptions(index.description),
  });
  return true;
}
