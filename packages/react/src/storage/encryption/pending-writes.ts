import type { Key } from '../driver.ts';
import { compareKeys, isInRange, keyText, primaryKey } from '../keys.ts';
import type { KeyRange } from '../driver.ts';
import type { OperationRow, TableName, Tables } from '../schema.ts';

type Row = Tables[TableName];
/** `row: null`: removed. */
type Entry = { readonly key: Key; readonly row: Row | null };

/** What a transaction has written so far: nobody else sees it, its own reads do. */
export interface PendingWrites {
  readonly tables: readonly TableName[];
  has(table: TableName): boolean;
  put(table: TableName, rows: readonly Row[]): void;
  remove(table: TableName, keys: readonly Key[]): void;
  /** `undefined`: nothing was written there. */
  find(table: TableName, key: Key): Entry | undefined;
  findOperation(opId: string): OperationRow | undefined;
  /** Rows of a range in key order, of those that are stored and those that are to be. */
  merge<T extends TableName>(table: T, stored: readonly Tables[T][], range: KeyRange): Tables[T][];
  entries(table: TableName): readonly Entry[];
}

export function createPendingWrites(): PendingWrites {
  const written = new Map<TableName, Map<string, Entry>>();
  const writtenTo = (table: TableName) => {
    let entries = written.get(table);
    if (!entries) written.set(table, (entries = new Map<string, Entry>()));
    return entries;
  };

  return {
    get tables() {
      return [...written.keys()];
    },
    has: (table) => written.has(table),
    put(table, rows) {
      for (const row of rows) {
        const key = primaryKey(table, row);
        writtenTo(table).set(keyText(key), { key, row });
      }
    },
    remove(table, keys) {
      for (const key of keys) writtenTo(table).set(keyText(key), { key, row: null });
    },
    find: (table, key) => written.get(table)?.get(keyText(key)),
    findOperation(opId) {
      const rows = [...(written.get('operations')?.values() ?? [])].map(({ row }) => row);
      return rows.find(
        (row): row is OperationRow => row !== null && 'opId' in row && row.opId === opId,
      );
    },
    merge<T extends TableName>(table: T, stored: readonly Tables[T][], range: KeyRange) {
      const rows = new Map<string, Row>(
        stored.map((row) => [keyText(primaryKey(table, row)), row]),
      );
      for (const [text, { row }] of written.get(table) ?? []) {
        if (row) rows.set(text, row);
        else rows.delete(text);
      }
      const sorted: Row[] = [...rows.values()]
        .map((row) => ({ key: primaryKey(table, row), row }))
        .filter(({ key }) => isInRange(key, range))
        .sort((a, b) => compareKeys(a.key, b.key))
        .map(({ row }) => row);
      return sorted.slice(0, range.limit) as Tables[T][];
    },
    entries: (table) => [...(written.get(table)?.values() ?? [])],
  };
}
