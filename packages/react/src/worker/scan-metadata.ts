import { abortedError } from '../core/errors.ts';
import type { OpenIndex } from './open-index.ts';
import type { Replica } from './replica.ts';

/** A call that waits for it, until it is cancelled. */
interface Waiting {
  readonly isCancelled: boolean;
}

interface Scan {
  readonly waiting: Set<Waiting>;
  readonly done: Promise<unknown>;
}

/** What is under way, one a replica at most. */
const scans = new WeakMap<Replica, Scan>();

/**
 * Tells a replica the metadata of all documents, or waits for whoever is at that already, and answers
 * which of the two it was: a scan that began earlier may have passed what this call asks for. It goes on
 * until nobody waits for it any more.
 *
 * @throws VectorIndexError `aborted` when all calls that waited were cancelled; what storage throws
 */
export async function scanMetadata({ store, replica }: OpenIndex, call: Waiting): Promise<boolean> {
  const running = scans.get(replica);
  if (running) {
    running.waiting.add(call);
    await running.done;
    return false;
  }

  const waiting = new Set([call]);
  const end = () => {
    if (scans.get(replica)?.waiting === waiting) scans.delete(replica);
  };
  const done = store
    .eachDocument((row) => {
      if (!isWanted(waiting)) {
        // At once: a call that comes now is not to wait for a scan that has given up.
        end();
        throw abortedError();
      }
      replica.slots.learn(row, row.metadata, row.seq);
      return false;
    })
    .finally(end);
  scans.set(replica, { waiting, done });
  await done;
  return true;
}

function isWanted(waiting: ReadonlySet<Waiting>): boolean {
  for (const { isCancelled } of waiting) if (!isCancelled) return true;
  return false;
}
