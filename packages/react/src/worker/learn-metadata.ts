import type { CheckedFilter } from '../core/filter.ts';
import type { DocumentKey, DocumentRow } from '../storage/schema.ts';
import type { OpenIndex } from './open-index.ts';
import type { SlotEntry } from './slot-entry.ts';

/** Rows read at once, one by one by their names. */
const BATCH = 512;
/** Rounds in which others may write. */
const ROUNDS = 4;

export interface Learning {
  readonly need: () => OpenIndex;
  /** Reads what was written elsewhere, ahead of writes that wait. */
  readonly catchUp: () => Promise<void>;
  /** More is known than before. */
  readonly onLearned: () => void;
}

/**
 * Reads what a filter needs to know of a namespace and is not known yet: everything the first time that a
 * field is asked for, and then what was written since.
 */
export async function learnMetadata(
  { need, catchUp, onLearned }: Learning,
  namespace: string,
  filter: CheckedFilter,
): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const index = need();
    const missing = index.replica.slots.unknown(namespace, filter);
    if (round > 0) onLearned();
    if (missing.length === 0) return;
    // What is elsewhere by now was written by others.
    if (round > 0) await catchUp();
    if (missing.length > Math.max(BATCH, index.replica.documentCount / 2)) await scan(index);
    else await readRows(index, missing);
  }
}

async function scan({ store, replica }: OpenIndex): Promise<void> {
  await store.eachDocument((row) => learnRow(replica, row));
}

async function readRows({ store, replica }: OpenIndex, missing: SlotEntry[]): Promise<void> {
  for (let at = 0; at < missing.length; at += BATCH) {
    const batch = missing.slice(at, at + BATCH);
    const rows = await store.documents(
      batch.map(({ namespace, id }): DocumentKey => [namespace, id]),
    );
    batch.forEach((entry, position) => {
      const row = rows[position];
      if (row) learnRow(replica, row);
      // Lost or damaged: no search shows it, whatever it held.
      else replica.slots.learn(entry, {}, Infinity);
    });
  }
}

function learnRow({ slots }: OpenIndex['replica'], row: DocumentRow): void {
  slots.learn(row, row.metadata, row.seq);
}
