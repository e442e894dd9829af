import { closeLog, forgetNames, namespaceRange } from './commit.ts';
import type { StorageDriver } from './driver.ts';
import { eachRow } from './each-row.ts';
import { isUnreadable } from './schema.ts';
import type { DocumentKey } from './schema.ts';
import type { SnapshotStore } from './snapshots.ts';

/** Documents by name, or all of a namespace. */
export type Purged = { readonly namespace: string; readonly ids: readonly string[] | null };

/**
 * Deletes what could still tell of removed documents besides their rows: names in the log, and all
 * snapshots. Then reads everything, and answers how many traces it found.
 */
export async function purgeTraces(
  driver: StorageDriver,
  snapshots: SnapshotStore,
  epoch: string,
  purged: Purged,
): Promise<number> {
  await snapshots.begin(epoch);
  await snapshots.clear(epoch, { isPurge: true });
  const end = await driver.transaction('readwrite', ['meta'], closeLog);
  // A few at a time: encrypted, a transaction that takes long is overtaken by others again and again.
  let above: number | null = 0;
  while (above !== null) {
    const from: number = above;
    above = await driver.transaction('readwrite', ['operations'], (tx) =>
      forgetNames(tx, from, end),
    );
  }
  return countTraces(driver, purged);
}

function countTraces(driver: StorageDriver, { namespace, ids }: Purged): Promise<number> {
  const names = ids && new Set(ids);
  const isPurged = (of: string | undefined, id: string | null | undefined) =>
    of === namespace && typeof id === 'string' && (names === null || names.has(id));
  const tables = ['documents', 'vectors', 'operations', 'blobs'] as const;

  return driver.transaction('readonly', tables, async (tx) => {
    const keys = ids?.map((id): DocumentKey => [namespace, id]);
    const documents = keys
      ? (await tx.getMany('documents', keys)).filter((row) => row !== undefined)
      : await tx.range('documents', { ...namespaceRange(namespace), limit: 1, anyOrder: true });
    let traces = documents.length + (await tx.keys('blobs')).length;

    await eachRow(
      tx,
      'vectors',
      ({ pack }) => pack,
      (pack) => {
        // It may hold them, for all that can be read of it.
        traces += Number(isUnreadable(pack));
        traces += pack.ids.filter((id, row) => isPurged(pack.namespaces[row], id)).length;
      },
    );
    await eachRow(
      tx,
      'operations',
      ({ seq }) => seq,
      (operation) => {
        traces += Number(isUnreadable(operation));
        traces += operation.keys.filter(([of, id]) => isPurged(of, id)).length;
      },
    );
    return traces;
  });
}
