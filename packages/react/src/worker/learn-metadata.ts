import { abortedError } from '../core/errors.ts';
import type { DocumentKey } from '../storage/schema.ts';
import type { CheckedFilter } from './filter.ts';
import type { OpenIndex } from './open-index.ts';
import { scanMetadata } from './scan-metadata.ts';
import type { SlotEntry } from './slot-entry.ts';

/** Rows read at once, one by one by their names. */
const BATCH = 512;
/** Rounds in which others may write. */
const ROUNDS = 4;

export interface Learning {
  readonly need: () => OpenIndex;
  /** Reads what was written elsewhere, ahead of writes that wait. */
  readonly catchUp: () => Promise<void>;
  /** The replica is compacted, stored, verified or repaired, and nothing is caught up with until that is done. */
  readonly isHeld: () => boolean;
  /** More is known than before. */
  readonly onLearned: () => void;
  /** Of the call that wants to know. */
  readonly context: { readonly isCancelled: boolean };
}

/**
 * Reads what a filter needs to know of a namespace and is not known yet: everything the first time that a
 * field is asked for, and then what was written since.
 */
export async function learnMetadata(
  { need, catchUp, isHeld, onLearned, context }: Learning,
  namespace: string,
  filter: CheckedFilter,
): Promise<void> {
  const unknown = () => need().replica.slots.unknown(namespace, filter);
  for (let round = 0; round < ROUNDS;) {
    if (round > 0) {
      onLearned();
      if (unknown().length === 0 || isHeld()) return;
      // What is elsewhere by now was written by others.
      await catchUp();
    }
    const missing = unknown();
    if (missing.length === 0) return;
    if (context.isCancelled) throw abortedError();
    const index = need();
    if (missing.length <= Math.max(BATCH, index.replica.documentCount / 2)) {
      await readRows(index, missing, context);
      round++;
    } else if (await scanMetadata(index, context)) {
      round++;
    }
  }
}

async function readRows(
  { store, replica }: OpenIndex,
  missing: SlotEntry[],
  context: Learning['context'],
): Promise<void> {
  for (let at = 0; at < missing.length; at += BATCH) {
    if (context.isCancelled) throw abortedError();
    const batch = missing.slice(at, at + BATCH);
    const rows = await store.documents(
      batch.map(({ namespace, id }): DocumentKey => [namespace, id]),
    );
    batch.forEach((entry, position) => {
      const row = rows[position];
      if (row) replica.slots.learn(row, row.metadata, row.seq);
      // Lost or damaged: no search shows it, whatever it held.
      else replica.slots.learn(entry, {}, Infinity);
    });
  }
}
