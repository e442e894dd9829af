import type { Durability } from '../../core/types.ts';
import type { Key, KeyRange, StorageDriver, StorageTransaction } from '../driver.ts';
import { isInRange, keyText, primaryKey } from '../keys.ts';
import { isUnreadable } from '../schema.ts';
import type { DocumentKey, DocumentRow, TableName, Tables } from '../schema.ts';
import { damagedOperationError } from './encryption-errors.ts';
import type { OrderedNames } from './ordered-names.ts';
import { createPendingWrites } from './pending-writes.ts';
import type { SealedRow, SealedRows } from './sealed-rows.ts';
import { documentRange, namespaceIn, namespaceRange, numberRange } from './stored-ranges.ts';
import { isHidden, newVersion, readVersion, versionKey, writeVersion } from './table-versions.ts';

/** Rows decrypted in one go. */
const PART = 256;

/** What was read is not of one moment any more: the body is to be run again. */
export class Overtaken extends Error {}

export interface OptimisticTransaction {
  readonly tx: StorageTransaction;
  /** Stores what was written, in one transaction. `false`: overtaken, and nothing is stored. */
  readonly commit: () => Promise<boolean>;
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
  durability?: Durability,
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
    const isDocuments = table === 'documents';
    const namespace = isDocuments ? namespaceIn(wanted) : null;
    if (!pending.has(table)) {
      const direct = isDocuments ? await documentRange(rows, wanted) : numberRange(table, wanted);
      if (direct) return openAll(table, await read(table, (tx) => tx.range(table, direct)));
      if (namespace !== null) return (await inOrder(namespace, wanted)) as Tables[T][];
    }
    // In key order, or among what is not stored yet: that needs all that may be meant.
    const found: Tables[T][] = [];
    if (isDocuments)
      await eachDocument({ above: versionKey(table) }, (row) => found.push(row as Tables[T]));
    else found.push(...(await openAll(table, await read(table, (tx) => tx.range(table, {})))));
    return pending.merge(table, found, wanted);
  };

  /** In parts, so that the worker answers in between. */
  const eachDocument = async (within: KeyRange, visit: (row: DocumentRow) => void) => {
    let part: KeyRange = { ...within, limit: PART };
    for (;;) {
      const wanted = part;
      const sealed = await read('documents', (tx) => tx.range('documents', wanted));
      (await openAll('documents', sealed)).forEach(visit);
      const last = sealed.at(-1);
      if (!last || sealed.length < PART) return;
      part = { above: keyOfDocument(last), below: within.below, limit: PART };
    }
  };

  /** Documents of one namespace, by their ids. */
  const inOrder = async (namespace: string, wanted: KeyRange): Promise<DocumentRow[]> => {
    await read('documents', () => Promise.resolve());
    const state = versions.get('documents');
    if (names.version !== state || !names.find(namespace, wanted)) {
      const [readable, unreadable]: [DocumentKey[], DocumentKey[]] = [[], []];
      await eachDocument(await namespaceRange(rows, namespace), (row) => {
        (isUnreadable(row) ? unreadable : readable).push(keyOfDocument(row));
      });
      names.learn(namespace, state, readable, unreadable);
    }
    const found = await getMany('documents', names.find(namespace, wanted) ?? []);
    return found.filter((row) => row !== undefined);
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
        durability,
      );
      if (isDone && written.includes('documents')) {
        names.follow(versions.get('documents'), version, pending.entries('documents'));
      }
      return isDone;
    },
  };
}

function keyOfDocument({ namespace, id }: DocumentRow): DocumentKey {
  return [namespace, id];
}
