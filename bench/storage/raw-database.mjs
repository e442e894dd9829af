/** The database behind Akin's back, while no index has it open. */
/* global Blob, IDBKeyRange, indexedDB */
import { cloneSize } from './clone-size.mjs';

const rowsAtOnce = 500;

/** @template T @param {any} request @returns {Promise<T>} */
function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @template T @param {string} name @param {(database: any) => Promise<T>} run */
async function withDatabase(name, run) {
  const database = await promised(indexedDB.open(`akin/${name}`));
  try {
    return await run(database);
  } finally {
    database.close();
  }
}

/**
 * Rows and bytes of each table, cloned as the browser stores them and before it compresses them.
 * @param {string} name
 * @returns {Promise<Record<string, { rows: number, bytes: number, blobBytes: number }>>}
 */
export function rowSizes(name) {
  return withDatabase(name, async (database) => {
    /** @type {Record<string, { rows: number, bytes: number, blobBytes: number }>} */
    const sizes = {};
    for (const table of database.objectStoreNames) {
      const size = (sizes[table] = { rows: 0, bytes: 0, blobBytes: 0 });
      const store = database.transaction(table).objectStore(table);
      let range = undefined;
      for (;;) {
        /** @type {any[]} */
        const [keys, rows] = await Promise.all([
          promised(store.getAllKeys(range, rowsAtOnce)),
          promised(store.getAll(range, rowsAtOnce)),
        ]);
        for (const row of rows) {
          const blob = row.data instanceof Blob ? row.data.size : 0;
          size.rows++;
          size.blobBytes += blob;
          size.bytes += cloneSize(row) - blob;
        }
        if (rows.length < rowsAtOnce) break;
        range = IDBKeyRange.lowerBound(keys.at(-1), true);
      }
    }
    return sizes;
  });
}

/** As if no snapshot had ever been taken. @param {string} name */
export function withoutSnapshots(name) {
  return withDatabase(name, async (database) => {
    const transaction = database.transaction(['meta', 'blobs'], 'readwrite');
    const meta = transaction.objectStore('meta');
    for (const key of ['snapshot-a', 'snapshot-b', 'maintenance']) meta.delete(key);
    transaction.objectStore('blobs').clear();
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = reject;
    });
  });
}
