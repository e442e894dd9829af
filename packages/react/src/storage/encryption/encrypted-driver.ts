import type { IndexEncryption } from '../../core/types.ts';
import type { StorageDriver, StorageTransaction } from '../driver.ts';
import { createMemoryDriver } from '../memory-driver.ts';
import { TABLE_NAMES, isIntact } from '../schema.ts';
import type { TableName } from '../schema.ts';
import { keyLostError, notEncryptedError, overtakenError } from './encryption-errors.ts';
import { PlainBytes } from './encrypted-bytes.ts';
import {
  KEY_ROWS,
  checkCrypto,
  createKey,
  intactKeyRow,
  isKeyRow,
  keyRows,
  unlock,
  wrapAnew,
} from './index-key.ts';
import type { KeyRow } from './index-key.ts';
import { createOrderedNames } from './ordered-names.ts';
import { Overtaken, createOptimisticTransaction } from './optimistic-transaction.ts';
import { createSealedRows } from './sealed-rows.ts';
import type { SealedRow, SealedRows } from './sealed-rows.ts';

/** Tries to read bit by bit what others write to, before all of it is read in one go. */
const PATIENCE = 2;
/** Of other tabs one got ahead each time, so all of them together get on. */
const MOST_TRIES = 64;

export interface EncryptedDriver extends StorageDriver {
  /** Copies of the index's key that were lost or damaged, and written anew when it was opened. */
  readonly healedRows: number;
  /** From now on it opens with this. Rejects with `wrong-key` if another tab has changed it before. */
  changeKey(to: IndexEncryption): Promise<void>;
}

/**
 * Encrypts what goes into a driver, and the names of documents as well. What it stores is read and
 * written through it only, in any number of tabs.
 *
 * Opening rejects with `wrong-key`, `not-encrypted`, `corrupt` (the index's key is lost) or
 * `unsupported`, and has changed nothing then.
 */
export function createEncryptedDriver(
  stored: StorageDriver,
  name: string,
  given: IndexEncryption,
): EncryptedDriver {
  let encryption = given;
  let rows: SealedRows | null = null;
  let healedRows = 0;
  const names = createOrderedNames();

  return {
    get healedRows() {
      return healedRows;
    },
    get writing() {
      return stored.writing ?? null;
    },
    toStoredBytes: (bytes) => new PlainBytes(bytes),

    async open() {
      await stored.open();
      checkCrypto();
      const found = await findKey(stored);
      const row = found.row ?? (await makeKey(stored, name, encryption));
      rows = createSealedRows(await unlock(name, row, encryption));
      healedRows = found.row ? found.lost : 0;
      // Only what is known to open the index is worth a second copy.
      if (healedRows > 0) await healKey(stored, row);
    },

    async transaction(mode, tables, body, durability) {
      // A driver that is not open says so itself.
      const open =
        rows ?? (await stored.transaction('readonly', ['meta'], () => Promise.resolve(null)));
      if (!open) throw keyLostError();
      for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
        const isPatient = mode === 'readwrite' || attempt <= PATIENCE;
        const source = isPatient ? stored : await copyOf(stored, tables);
        const { tx, commit } = createOptimisticTransaction(source, open, names, durability);
        try {
          const result = await body(tx);
          if (mode === 'readonly' || (await commit())) return result;
        } catch (error) {
          if (!(error instanceof Overtaken)) throw error;
        }
      }
      throw overtakenError();
    },

    async changeKey(to) {
      const { row } = await findKey(stored);
      if (!row) throw keyLostError();
      const changed = keyRows(await wrapAnew(name, row, encryption, to));
      await stored.transaction('readwrite', ['meta'], async (tx) => {
        const now = intactKeyRow(await tx.getMany('meta', KEY_ROWS));
        if (now.checksum !== row.checksum) throw overtakenError();
        await tx.put('meta', changed as never);
      });
      encryption = to;
    },

    close() {
      rows = null;
      stored.close();
    },
    destroy() {
      rows = null;
      return stored.destroy();
    },
    onLost: (listener) => stored.onLost(listener),
  };
}

/** `null` for an index that is still to be made. */
async function findKey(stored: StorageDriver): Promise<{ row: KeyRow | null; lost: number }> {
  const { keys, others } = await stored.transaction('readonly', TABLE_NAMES, async (tx) => ({
    keys: (await tx.getMany('meta', KEY_ROWS)) as unknown as (SealedRow | undefined)[],
    others: await anyRows(tx),
  }));
  if (keys.some(Boolean)) {
    const row = intactKeyRow(keys);
    return { row, lost: keys.filter((copy) => !isKeyRow(copy) || !isIntact(copy as never)).length };
  }
  if (others.length === 0) return { row: null, lost: 0 };
  // What is encrypted tells nothing but its key and that.
  throw others.some((row) => 'version' in row) ? keyLostError() : notEncryptedError();
}

/** Some of what a table holds, if it holds anything. */
async function anyRows(tx: StorageTransaction): Promise<SealedRow[]> {
  const found = await Promise.all(TABLE_NAMES.map((table) => tx.range(table, { limit: 8 })));
  return found.flat() as unknown as SealedRow[];
}

async function makeKey(
  stored: StorageDriver,
  name: string,
  encryption: IndexEncryption,
): Promise<KeyRow> {
  const made = keyRows(await createKey(name, encryption));
  return stored.transaction('readwrite', ['meta'], async (tx) => {
    // Another tab may have made the index meanwhile.
    const found = (await tx.getMany('meta', KEY_ROWS)) as unknown as (SealedRow | undefined)[];
    if (found.some(Boolean)) return intactKeyRow(found);
    if ((await tx.range('meta', { limit: 1 })).length > 0) throw notEncryptedError();
    await tx.put('meta', made as never);
    return intactKeyRow(made);
  });
}

/** Writes the lost copy of a key anew, unless another tab has changed the key meanwhile. */
async function healKey(stored: StorageDriver, { key: _key, checksum, ...fields }: KeyRow) {
  await stored.transaction('readwrite', ['meta'], async (tx) => {
    const now = intactKeyRow(await tx.getMany('meta', KEY_ROWS));
    if (now.checksum === checksum) await tx.put('meta', keyRows(fields) as never);
  });
}

/** Everything of some tables, of one moment. */
async function copyOf(stored: StorageDriver, tables: readonly TableName[]): Promise<StorageDriver> {
  const copy = createMemoryDriver();
  await copy.open();
  const found = await stored.transaction('readonly', tables, async (tx) =>
    Promise.all(tables.map((table) => tx.range(table, {}))),
  );
  await copy.transaction('readwrite', tables, async (tx) => {
    for (const [at, table] of tables.entries()) await tx.put(table, found[at] ?? []);
  });
  return copy;
}
