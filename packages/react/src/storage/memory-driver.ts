import { VectorIndexError } from '../core/errors.ts';
import type { Key, KeyRange, StorageDriver, StorageTransaction } from './driver.ts';
import { compareKeys, isInRange, keyText, primaryKey } from './keys.ts';
import { TABLE_NAMES } from './schema.ts';
import type { OperationRow, TableName, Tables } from './schema.ts';

type Row = Tables[TableName];

/** Rows by their key's text, and the keys in order while nobody has added any. */
interface MemoryTable {
  rows: Map<string, { readonly key: Key; readonly row: Row }>;
  order: Key[] | null;
}

type MemoryTables = Record<TableName, MemoryTable>;

/** Keeps rows for as long as the worker lives. Same contract as the database. */
export function createMemoryDriver(): StorageDriver {
  let tables = emptyTables();
  let open = false;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    open() {
      open = true;
      return Promise.resolve();
    },
    transaction(mode, _names, body) {
      // One at a time, which is all that IndexedDB promises to writers.
      const run = async () => {
        if (!open) throw closedError();
        const draft = mode === 'readwrite' ? copyTables(tables) : tables;
        const result = await body(createTransaction(draft));
        if (!open) throw closedError();
        tables = draft;
        return result;
      };
      const done = turn.then(run);
      turn = done.catch(() => undefined);
      return done;
    },
    close() {
      open = false;
    },
    destroy() {
      open = false;
      tables = emptyTables();
      return Promise.resolve();
    },
    onLost() {
      // Memory goes away only with the worker.
    },
  };
}

function closedError(): VectorIndexError {
  return new VectorIndexError('closed', 'The storage is closed.', 'Open the index again.');
}

function emptyTables(): MemoryTables {
  const empty = () => ({ rows: new Map(), order: null });
  return {
    meta: empty(),
    documents: empty(),
    vectors: empty(),
    operations: empty(),
    blobs: empty(),
  };
}

function copyTables(tables: MemoryTables): MemoryTables {
  const copy = emptyTables();
  for (const name of TABLE_NAMES) {
    copy[name] = { rows: new Map(tables[name].rows), order: tables[name].order };
  }
  return copy;
}

function createTransaction(tables: MemoryTables): StorageTransaction {
  const read = <T extends TableName>(table: T, key: Key) => {
    const found = tables[table].rows.get(keyText(key));
    return found && (structuredClone(found.row) as Tables[T]);
  };
  const keysIn = (table: TableName, range: KeyRange) => {
    const target = tables[table];
    target.order ??= [...target.rows.values()].map(({ key }) => key).sort(compareKeys);
    const keys = target.order.filter((key) => isInRange(key, range));
    return range.limit === undefined ? keys : keys.slice(0, range.limit);
  };
  const drop = (table: TableName, keys: readonly Key[]) => {
    const target = tables[table];
    for (const key of keys) if (target.rows.delete(keyText(key))) target.order = null;
  };

  return {
    get: (table, key) => Promise.resolve(read(table, key)),
    getMany: (table, keys) => Promise.resolve(keys.map((key) => read(table, key))),
    range: <T extends TableName>(table: T, range: KeyRange) =>
      Promise.resolve(keysIn(table, range).map((key) => read(table, key) as Tables[T])),
    keys: (table) => Promise.resolve(keysIn(table, {})),
    findOperation(opId) {
      for (const { row } of tables.operations.rows.values()) {
        if ((row as OperationRow).opId === opId) {
          return Promise.resolve(structuredClone(row as OperationRow));
        }
      }
      return Promise.resolve(undefined);
    },
    put(table, rows) {
      const target = tables[table];
      for (const row of rows) {
        const key = primaryKey(table, row);
        const text = keyText(key);
        if (!target.rows.has(text)) target.order = null;
        target.rows.set(text, { key, row: structuredClone(row) });
      }
      return Promise.resolve();
    },
    remove(table, keys) {
      drop(table, keys);
      return Promise.resolve();
    },
    removeRange(table, range) {
      drop(table, keysIn(table, range));
      return Promise.resolve();
    },
  };
}
