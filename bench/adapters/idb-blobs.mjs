/**
 * Arrays of bytes in IndexedDB, several to a Blob of about 16 MiB. Chromium hands 92 MB of such Blobs
 * over in half the time that it takes for typed arrays of any size.
 */
/* global Blob, indexedDB */

const blobBytes = 2 ** 24;

/** Blobs that are read at a time. */
const readAhead = 2;

/** @param {IDBRequest | IDBTransaction} request */
function settled(request) {
  return new Promise((resolve, reject) => {
    const done = () => resolve('result' in request ? request.result : undefined);
    if ('oncomplete' in request) request.oncomplete = done;
    else request.onsuccess = done;
    request.onerror = () => reject(request.error);
    if ('onabort' in request) request.onabort = () => reject(request.error);
  });
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function database(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore('blobs');
  return settled(request);
}

/**
 * Replaces what the database holds, in one transaction: relaxed, since a snapshot that is lost can
 * be made again.
 * @param {string} name
 * @param {Iterable<Uint8Array>} arrays
 */
export async function writeArrays(name, arrays) {
  const db = await database(name);
  const transaction = db.transaction('blobs', 'readwrite', { durability: 'relaxed' });
  const store = transaction.objectStore('blobs');
  store.clear();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let parts = [];
  let size = 0;
  let key = 0;
  const put = () => {
    store.put({ blob: new Blob(parts), lengths: parts.map(({ length }) => length) }, key++);
    [parts, size] = [[], 0];
  };
  for (const array of arrays) {
    if (size + array.length > blobBytes && size > 0) put();
    parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (array));
    size += array.length;
  }
  put();
  await settled(transaction);
  db.close();
}

/**
 * The arrays in their order; those that follow are being read already.
 * @param {string} name
 */
export async function* readArrays(name) {
  const db = await database(name);
  /** @type {{ blob: Blob, lengths: number[] }[]} */
  const rows = await settled(db.transaction('blobs').objectStore('blobs').getAll());
  db.close();
  /** @type {Promise<ArrayBuffer>[]} */
  const reading = [];
  for (const [at, { lengths }] of rows.entries()) {
    for (const { blob } of rows.slice(reading.length, at + readAhead)) {
      reading.push(blob.arrayBuffer());
    }
    const bytes = await reading[at];
    let start = 0;
    for (const length of lengths) {
      yield new Uint8Array(bytes, start, length);
      start += length;
    }
  }
}
