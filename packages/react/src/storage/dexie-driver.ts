import { Dexie } from 'dexie';
import type { Collection, DBCore, Table, Transaction } from 'dexie';
import { VectorIndexError } from '../core/errors.ts';
import type { Durability } from '../core/types.ts';
import type { Key, KeyRange, StorageDriver, StorageTransaction } from './driver.ts';
import { beginNewLog } from './new-log.ts';
import { PRIMARY_KEYS } from './schema.ts';
import type { OperationRow, TableName, Tables } from './schema.ts';
import { storageError } from './storage-errors.ts';

const DATABASE_VERSION = 2;
/** Dexie counts in tens, and adds one where it finds stores missing and makes them. */
const NEWER_VERSION = (DATABASE_VERSION + 1) * 10;
/** How long another tab may keep an old connection open before that is an error. */
const BLOCKED_MS = 3_000;

/** One database an index. */
export function databaseName(indexName: string): string {
  return `akin/${indexName}`;
}

/** The port on IndexedDB, through Dexie. */
export function createDexieDriver(indexName: string): StorageDriver {
  let lost: ((error: VectorIndexError) => void) | null = null;
  let db: Dexie | null = null;
  /** Why there is no connection any more. */
  let left: VectorIndexError | null = null;
  let isOpened = false;
  let newLog = Promise.resolve();
  let writing: Promise<unknown> | null = null;

  /** A write begins; what is answered says that all of it is asked for. */
  const beginWriting = () => {
    let done: (value?: unknown) => void = ignore;
    const all = Promise.all([writing, new Promise((resolve) => (done = resolve))]).then(() => {
      if (writing === all) writing = null;
    });
    writing = all;
    return done;
  };

  const connect = () => {
    const fresh = new Dexie(databaseName(indexName), {
      autoOpen: false,
      // Results would be cloned into memory a second time, and optimistic rows shown.
      cache: 'disabled',
      // Acknowledged means on disk.
      chromeTransactionDurability: 'strict',
    });
    fresh.use({ stack: 'dbcore', name: 'durability', create: withDurability });
    fresh.version(1).stores({
      meta: PRIMARY_KEYS.meta,
      documents: `[${PRIMARY_KEYS.documents.join('+')}]`,
      vectors: PRIMARY_KEYS.vectors,
      operations: `${PRIMARY_KEYS.operations},&opId`,
    });
    fresh.version(DATABASE_VERSION).stores({ blobs: PRIMARY_KEYS.blobs });
    const leave = (error: VectorIndexError) => {
      // An opening that fails closes too, and says so itself.
      if (db !== fresh || !isOpened) return;
      db = null;
      left = error;
      fresh.close();
      lost?.(error);
    };
    fresh.on('versionchange', (event) => {
      leave(event.newVersion === null ? deletedError() : upgradedError());
    });
    fresh.on('close', () => leave(connectionLost()));
    return fresh;
  };

  return {
    get writing() {
      return writing;
    },
    async open() {
      if (db?.isOpen()) return;
      isOpened = false;
      left = null;
      // Beside the reading that opening is: only what writes must wait for it.
      newLog = beginNewLog();
      const fresh = connect();
      db = fresh;
      try {
        // Dexie opens what a newer version made without a word, and would change it to its liking.
        refuseNewer(await storedVersion(databaseName(indexName)));
        await unlessBlocked(fresh, fresh.open());
        refuseNewer(fresh.backendDB().version);
        isOpened = true;
      } catch (error) {
        if (db === fresh) db = null;
        fresh.close();
        throw storageError(error);
      }
    },
    async transaction(mode, tables, body, durability = 'strict') {
      if (!db) throw left ?? storageError({ name: 'DatabaseClosedError' });
      const current = db;
      if (mode === 'readwrite') await newLog;
      const done = mode === 'readwrite' ? beginWriting() : ignore;
      try {
        // Resolves on the transaction's `complete` event, never before.
        return await zones.newPSD(
          () =>
            current.transaction(mode === 'readwrite' ? 'rw' : 'r', [...tables], async (tx) => {
              const result = await body(createTransaction(tx));
              commit(tx.idbtrans);
              done();
              return result;
            }),
          { durability },
        );
      } catch (error) {
        throw db === current || left === null ? storageError(error) : left;
      } finally {
        done();
      }
    },
    close() {
      const current = db;
      db = null;
      current?.close();
    },
    async destroy() {
      this.close();
      const doomed = new Dexie(databaseName(indexName));
      try {
        await unlessBlocked(doomed, doomed.delete());
      } catch (error) {
        throw storageError(error);
      }
    },
    onLost(listener) {
      lost = listener;
    },
  };
}

/**
 * Dexie's zones, which its types leave out: what runs in one sees its properties, however much
 * later. Dexie has one durability for all of a database's transactions.
 */
const zones = Dexie.Promise as unknown as {
  readonly PSD: { readonly durability?: Durability };
  newPSD<T>(run: () => T, properties: { readonly durability: Durability }): T;
};

/** Transactions as durable as their zone says. */
function withDurability(core: DBCore): DBCore {
  return {
    ...core,
    transaction: (stores, mode, options) =>
      core.transaction(stores, mode, { ...options, durability: zones.PSD.durability ?? 'strict' }),
  };
}

/** From here on it completes whatever becomes of this thread. */
function commit(transaction: IDBTransaction): void {
  try {
    transaction.commit();
  } catch {
    // Nothing was asked for last, or the browser is an old one: it commits by itself.
  }
}

/**
 * Tables are bound to the transaction by name. `db.table()` would find it through Dexie's zones,
 * which an await inside a helper can lose: the request would then run in a transaction of its own.
 */
function createTransaction(tx: Transaction): StorageTransaction {
  const table = <T extends TableName>(name: T): Table<Tables[T], Key> =>
    tx.table<Tables[T], Key>(name);
  return {
    get: (name, key) => table(name).get(key),
    getMany: (name, keys) => table(name).bulkGet(keys as Key[]),
    range: (name, range) => {
      const found = within(table(name), range);
      return (range.limit === undefined ? found : found.limit(range.limit)).toArray();
    },
    keys: (name) => table(name).toCollection().primaryKeys(),
    findOperation: (opId) =>
      tx.table<OperationRow, number>('operations').where('opId').equals(opId).first(),
    put: (name, rows) => table(name).bulkPut(rows).then(ignore),
    remove: (name, keys) => table(name).bulkDelete(keys as Key[]),
    removeRange: (name, range) => within(table(name), range).delete().then(ignore),
  };
}

/** The primary key's collection of a range. Dexie has no "from … below" with open ends. */
function within<Row>(table: Table<Row, Key>, range: KeyRange): Collection<Row, Key> {
  const { above, from, below } = range;
  const lower = above ?? from;
  const key = table.where(':id');
  if (lower !== undefined && below !== undefined) {
    return key.between(lower, below, above === undefined, false);
  }
  if (lower !== undefined) return above === undefined ? key.aboveOrEqual(lower) : key.above(lower);
  return below === undefined ? table.toCollection() : key.below(below);
}

/** Of a database that is there, without opening it; `undefined` where that cannot be told. */
async function storedVersion(name: string): Promise<number | undefined> {
  // Absent in Firefox before 126, and refused where nothing may be stored: opening tells the rest.
  const { indexedDB: factory } = globalThis as { indexedDB?: Partial<IDBFactory> };
  const databases = await Promise.resolve(factory?.databases?.()).catch(() => undefined);
  return databases?.find((found) => found.name === name)?.version;
}

function refuseNewer(version: number | undefined): void {
  if (version !== undefined && version >= NEWER_VERSION) {
    throw storageError({ name: 'VersionError' });
  }
}

function ignore(): void {
  // Of no use, like the key of the last row that was put.
}

/** Rejects with `blocked` if another connection stands in the way for too long. */
function unlessBlocked<T>(db: Dexie, work: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    db.on('blocked', () => {
      timer ??= setTimeout(() => {
        reject(
          new VectorIndexError(
            'blocked',
            'Another tab holds an old connection to the index.',
            'Close or reload the other tabs of this site, then try again.',
          ),
        );
      }, BLOCKED_MS);
    });
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(storageError(error));
      },
    );
  });
}

function deletedError(): VectorIndexError {
  return new VectorIndexError(
    'storage-lost',
    'The index was deleted elsewhere, perhaps in another tab.',
    'Call ready() to start an empty one.',
  );
}

/** Browsers do it when their storage process ends, or when the site's data is cleared. */
function connectionLost(): VectorIndexError {
  return new VectorIndexError(
    'storage-unavailable',
    'The browser closed the connection to the database.',
    'It is opened again by itself; what was acknowledged stays.',
  );
}

function upgradedError(): VectorIndexError {
  return new VectorIndexError(
    'upgrade-required',
    'A newer version of the app upgraded the index in another tab.',
    'Reload the page.',
  );
}
