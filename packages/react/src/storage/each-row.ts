import type { Key, StorageTransaction } from './driver.ts';
import type { TableName, Tables } from './schema.ts';

/** Rows in memory at once: a pack of vectors may take half a megabyte. */
const BATCH = 64;

/** Shows every row of a table; those with numbers for keys in order. */
export async function eachRow<T extends TableName>(
  tx: StorageTransaction,
  table: T,
  keyOf: (row: Tables[T]) => Key,
  visit: (row: Tables[T]) => void,
): Promise<void> {
  let rows = await tx.range(table, { limit: BATCH, anyOrder: true });
  for (;;) {
    rows.forEach(visit);
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    rows = await tx.range(table, { above: keyOf(last), limit: BATCH, anyOrder: true });
  }
}
