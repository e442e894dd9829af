import type { Key, StorageTransaction } from './driver.ts';
import type { TableName, Tables } from './schema.ts';

/** Rows in memory at once: a pack of vectors may take half a megabyte. */
const BATCH = 64;
const DOCUMENTS = 512;

/** Shows every row of a table; those with numbers for keys in order. */
export async function eachRow<T extends TableName>(
  tx: StorageTransaction,
  table: T,
  keyOf: (row: Tables[T]) => Key,
  visit: (row: Tables[T]) => void,
): Promise<void> {
  const limit = table === 'documents' ? DOCUMENTS : BATCH;
  let rows = await tx.range(table, { limit, anyOrder: true });
  for (;;) {
    rows.forEach(visit);
    const last = rows.at(-1);
    if (!last || rows.length < limit) return;
    rows = await tx.range(table, { above: keyOf(last), limit, anyOrder: true });
  }
}
