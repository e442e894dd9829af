/** A large array of bytes in IndexedDB, in rows of 4 MiB, written in one transaction. */
/* global indexedDB */

const chunkBytes = 2 ** 22;

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
  request.onupgradeneeded = () => request.result.createObjectStore('chunks');
  return settled(request);
}

/** @param {string} name @param {Uint8Array} bytes */
export async function writeChunks(name, bytes) {
  const db = await database(name);
  const transaction = db.transaction('chunks', 'readwrite', { durability: 'strict' });
  const store = transaction.objectStore('chunks');
  store.clear();
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    store.put(bytes.slice(at, at + chunkBytes), at / chunkBytes);
  }
  await settled(transaction);
  db.close();
}

/** @param {string} name @returns {Promise<Uint8Array>} */
export async function readChunks(name) {
  const db = await database(name);
  /** @type {Uint8Array[]} */
  const chunks = await settled(db.transaction('chunks').objectStore('chunks').getAll());
  db.close();
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
