/** Chromium and what is made of it; other browsers do not store in LevelDB. */
const CHROMIUM = /Chrom(e|ium)\//;
const NAME = 'akin-new-log';

/**
 * Has Chromium begin a new log for the site's databases, by making a database and deleting it.
 *
 * All of a site's databases are in one LevelDB, which writes on in the log of the last run (`reuse_logs`).
 * If the browser's process died in the middle of a record, what the next run appends to it cannot be
 * read, and the run after that finds a damaged log and deletes all databases of the site. Deleting a
 * database compacts: all that could be read goes into a table, and the old log with its end away.
 *
 * Never rejects: without it the index works as well.
 */
export async function beginNewLog(): Promise<void> {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  if (!CHROMIUM.test(navigator?.userAgent ?? '')) return;
  try {
    (await settled(indexedDB.open(NAME)))?.close();
    await settled(indexedDB.deleteDatabase(NAME));
  } catch {
    // Where nothing may be stored, opening the index says so.
  }
}

/** The result, once there is one; none if it failed, or waits for another tab that does the same. */
function settled(request: IDBOpenDBRequest): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => resolve(undefined);
  });
}
