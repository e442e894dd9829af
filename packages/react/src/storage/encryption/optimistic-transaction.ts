import type { Key, KeyRange, StorageDriver, StorageTransaction } from '../driver.ts';
import { isInRange, keyText, primaryKey } from '../keys.ts';
import { isUnreadable } from '../schema.ts';
import type { DocumentKey, DocumentRow, TableName, Tables } from '../schema.ts';
import { damagedOperationError } from './encryption-errors.ts';
import type { OrderedNames } from './ordered-names.ts';
import { createPendingWrites } from './pending-writes.ts';
import type { SealedRow, SealedRows } from './sealed-rows.ts';
import { isHidden, newVersion, readVersion, versionKey, writeVersion } from './table-versions.ts';

/** What was read is not of one moment any more: the body is to be run again. */
export class Overtaken extends Error {}

export interface OptimisticTransaction {
  readonly tx: StorageTransaction;
  /** Stores what was written, in one transaction. `false`: overtaken, and nothing is stored. */
  commit(): Promise<boolean>;
}

/**
 * A transaction that may wait for anything. A database's own ends as soon as it is not asked, so what
 * is read is read in transactions of its own, decrypted after them, and compared with what the tables
 * say of their state; what is written is kept, encrypted, and then stored in one transaction, if the
 * tables that were read are as they were.
 */
export function createOptimisticTransaction(
  stored: StorageDriver,
  rows: SealedRows,
  names: OrderedNames,
): OptimisticTransaction {
  const pending = createPendingWrites();
  /** Of each table that was read. */
  const versions = new Map<TableName, unknown>();

  /** Reads in one transaction, together with the states of all tables that were read before. */
  const read = async <T>(
    table: TableName,
    run: (tx: StorageTransaction) => Promise<T>,
  ): Promise<T> => {
    const tables = [...new Set([...versions.keys(), table])];
    const { found, value } = await stored.transaction('readonly', tables, async (tx) => {
      const [value, ...found] = await Promise.all([
        run(tx),
        ...tables.map((name) => readVersion(tx, name)),
      ]);
      return { found, value };
    });
    tables.forEach((name, position) => {
      // One that was read at the same time may have been first.
      if (!versions.has(name)) versions.set(name, found[position]);
      else if (versions.get(name) !== found[position]) throw new Overtaken();
    });
    return value;
  };

  const openAll = <T extends TableName>(table: T, sealed: readonly Tables[T][]) =>
    Promise.all(
      (sealed as unknown as SealedRow[])
        .filter((row) => !('version' in row) && !('wrapped' in row))
        .map((row) => rows.open(table, row)),
    );

  const getMany = async <T extends TableName>(table: T, keys: readonly Key[]) => {
    const asked = keys.filter((key) => !pending.find(table, key) && !isHidden(table, key));
    const storedKeys = await Promise.all(asked.map((key) => rows.keyOf(table, key)));
    const sealed =
      asked.length === 0 ? [] : await read(table, (tx) => tx.getMany(table, storedKeys));
    const found = new Map<string, Tables[T]>();
    await Promise.all(
      sealed.map(async (row, position) => {
        const key = asked[position];
        if (row && key !== undefined) {
          found.set(keyText(key), await rows.open(table, row as unknown as SealedRow));
        }
      }),
    );
    return keys.map((key) => {
      const written = pending.find(table, key);
      const row = written ? written.row : found.get(keyText(key));
      return (row ?? undefined) as Tables[T] | undefined;
    });
  };

  const range = async <T extends TableName>(table: T, wanted: KeyRange): Promise<Tables[T][]> => {
    const isOrdered = table !== 'documents';
    const mapped = isOrdered ? numberRange(table, wanted) : await documentRange(rows, wanted);
    if (mapped && !pending.has(table)) {
      return openAll(table, await read(table, (tx) => tx.range(table, mapped)));
    }
    const namespace = isOrdered ? null : namespaceIn(wanted);
    if (namespace !== null && !pending.has(table)) {
      return (await inOrder(namespace, wanted)) as Tables[T][];
    }
    // In key order, or among what is not stored yet: that needs all that may be meant.
    const opened = await openAll(table, await read(table, (tx) => tx.range(table, {})));
    return pending.merge(table, opened, wanted);
  };

  /** Documents of one namespace, by their ids. */
  const inOrder = async (namespace: string, wanted: KeyRange): Promise<DocumentRow[]> => {
    const known = names.find(namespace, wanted);
    if (known) {
      const { version } = names;
      const found = await getMany('documents', known);
      if (versions.get('documents') === version) return found.filter((row) => row !== undefined);
    }
    const within = await namespaceRange(rows, namespace);
    const all = await read('documents', (tx) => tx.range('documents', within));
    const opened = await openAll('documents', all);
    const [readable, unreadable] = [false, true].map((isLost) =>
      opened.filter((row) => isUnreadable(row) === isLost),
    ) as [DocumentRow[], DocumentRow[]];
    names.learn(
      namespace,
      versions.get('documents'),
      readable.map(keyOfDocument),
      unreadable.map(keyOfDocument),
    );
    const byName = new Map(opened.map((row) => [keyText(keyOfDocument(row)), row]));
    return (names.find(namespace, wanted) ?? []).flatMap((key) => byName.get(keyText(key)) ?? []);
  };

  const keys = async (table: TableName): Promise<Key[]> => {
    if (table === 'documents' || pending.has(table)) {
      return (await range(table, {})).map((row) => primaryKey(table, row));
    }
    return (await read(table, (tx) => tx.keys(table))).filter((key) => !isHidden(table, key));
  };

  const tx: StorageTransaction = {
    get: async (table, key) => (await getMany(table, [key]))[0],
    getMany,
    range,
    keys,
    async findOperation(opId) {
      const written = pending.findOperation(opId);
      if (written) return written;
      const name = await rows.operationIdOf(opId);
      const sealed = await read('operations', (found) => found.findOperation(name));
      const row = sealed && (await rows.open('operations', sealed as unknown as SealedRow));
      if (row && row.opId !== opId) throw damagedOperationError();
      return row;
    },
    put(table, given) {
      // As if it was stored at once: what happens to the row later is of no matter.
      pending.put(table, given);
      return Promise.resolve();
    },
    remove(table, given) {
      pending.remove(table, given);
      return Promise.resolve();
    },
    async removeRange(table, wanted) {
      pending.remove(
        table,
        (await keys(table)).filter((key) => isInRange(key, wanted)),
      );
    },
  };

  const sealWritten = (table: TableName) =>
    Promise.all(
      pending
        .entries(table)
        .map(async ({ key, row }) =>
          row ? { row: await rows.seal(table, row) } : { key: await rows.keyOf(table, key) },
        ),
    );

  return {
    tx,
    async commit() {
      const written = pending.tables;
      if (written.length === 0) return true;
      const sealed = await Promise.all(written.map(sealWritten));
      const known = [...versions.keys()];
      const version = newVersion();
      const isDone = await stored.transaction(
        'readwrite',
        [...new Set([...known, ...written])],
        async (into) => {
          const found = await Promise.all(known.map((table) => readVersion(into, table)));
          if (known.some((table, at) => versions.get(table) !== found[at])) return false;
          for (const [at, table] of written.entries()) {
            const entries = sealed[at] ?? [];
            const removed = entries.flatMap(({ key }) => (key === undefined ? [] : [key]));
            const put = entries.flatMap(({ row }) => (row ? [row as never] : []));
            if (removed.length > 0) await into.remove(table, removed);
            if (put.length > 0) await into.put(table, put);
            await writeVersion(into, table, version);
          }
          return true;
        },
      );
      if (isDone && written.includes('documents')) {
        const entries = pending.entries('documents');
        const keysOf = (isPut: boolean) =>
          entries.flatMap(({ key, row }) => ((row !== null) === isPut ? [key] : []));
        names.follow(versions.get('documents'), version, keysOf(true), keysOf(false));
      }
      return isDone;
    },
  };
}

/** Numbers are stored as they are, above that of the table's own state. */
function numberRange(table: TableName, range: KeyRange): KeyRange | null {
  if (table === 'meta') return null;
  const { above, from } = range;
  return above === undefined && from === undefined ? { ...range, above: versionKey(table) } : range;
}

/** Names are stored hashed, so only what asks for no order can be asked of the database. */
async function documentRange(rows: SealedRows, range: KeyRange): Promise<KeyRange | null> {
  const { above, from, below, limit, anyOrder } = range;
  if (!anyOrder) return null;
  if (from === undefined && below === undefined) {
    const key =
      above === undefined ? versionKey('documents') : await rows.keyOf('documents', above);
    return { above: key, limit };
  }
  const namespace = namespaceIn(range);
  const isWhole = namespace !== null && from !== undefined && (from as DocumentKey)[1] === '';
  return isWhole ? { ...(await namespaceRange(rows, namespace)), limit } : null;
}

async function namespaceRange(rows: SealedRows, namespace: string): Promise<KeyRange> {
  const name = await rows.namespaceOf(namespace);
  return { from: [name, ''], below: [`${name}\0`, ''] };
}

/** The one namespace that a range is in. */
function namespaceIn({ above, from, below }: KeyRange): string | null {
  const [namespace] = (above ?? from ?? []) as Partial<DocumentKey>;
  const [end, rest] = (below ?? []) as Partial<DocumentKey>;
  return namespace !== undefined && end === `${namespace}\0` && rest === '' ? namespace : null;
}

function keyOfDocument({ namespace, id }: DocumentRow): DocumentKey {
  return [namespace, id];
}
