import { randomId } from '../../core/ports.ts';
import type { Key, StorageTransaction } from '../driver.ts';
import type { TableName } from '../schema.ts';
import { KEY_ROWS } from './index-key.ts';
import type { SealedRow } from './sealed-rows.ts';

/**
 * Each table has a row that says in which state it is, another one after every transaction that wrote
 * to it. What was read in several transactions is of one moment if none of them differs.
 */

/** No row of the index has such a key; each sorts before all others or is known by name. */
const VERSION_KEYS: Record<TableName, Key> = {
  meta: 'version',
  documents: ['', ''],
  vectors: 0,
  operations: 0,
  blobs: 0,
};

/** Below every key of the index, but in `meta`. */
export function versionKey(table: TableName): Key {
  return VERSION_KEYS[table];
}

export async function readVersion(tx: StorageTransaction, table: TableName): Promise<unknown> {
  const row = (await tx.get(table, VERSION_KEYS[table])) as SealedRow | undefined;
  return row?.version;
}

/** A state that the table was never in. */
export function newVersion(): string {
  return randomId();
}

export function writeVersion(
  tx: StorageTransaction,
  table: TableName,
  version: string,
): Promise<void> {
  const row = {
    meta: { key: 'version', version },
    documents: { namespace: '', id: '', version },
    vectors: { pack: 0, version },
    operations: { seq: 0, version },
    blobs: { blob: 0, version },
  }[table];
  return tx.put(table, [row as never]);
}

/** Whether a row is not the index's own, but about its encryption. */
export function isHidden(table: TableName, key: Key): boolean {
  // Names of documents are hashed before anything is asked for.
  if (table === 'documents') return false;
  return key === VERSION_KEYS[table] || (table === 'meta' && KEY_ROWS.some((name) => name === key));
}
