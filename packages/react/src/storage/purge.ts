import { closeLog, forgetNames, namespaceRange } from './commit.ts';
import type { StorageDriver, StorageTransaction } from './driver.ts';
import { eachRow } from './each-row.ts';
import { wipeVectors } from './packs.ts';
import { isUnreadable } from './schema.ts';
import type { DocumentKey } from './schema.ts';
import type { SnapshotStore } from './snapshots.ts';

/** Rewritten in one transaction at most. */
const PACKS = 64;

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
  const { namespace, ids } = purged;
  await inParts(driver, 'operations', (tx, above) => forgetNames(tx, above, end));
  if (ids === null) {
    await inParts(driver, 'vectors', (tx, above) => forgetNamespace(tx, above, namespace));
  }
  return countTraces(driver, purged);
}

/** A few rows at a time: encrypted, a transaction that takes long is overtaken by others again and again. */
async function inParts(
  driver: StorageDriver,
  table: 'operations' | 'vectors',
  /** Answers the last row that it was about, or `null` when there is none left. */
  run: (tx: StorageTransaction, above: number) => Promise<number | null>,
): Promise<void> {
  let last: number | null = 0;
  while (last !== null) {
    const above: number = last;
    last = await driver.transaction('readwrite', [table], (tx) => run(tx, above));
  }
}

/** Deletes a namespace's name where older versions left it, in packs that it shared with others. */
async function forgetNamespace(
  tx: StorageTransaction,
  above: number,
  namespace: string,
): Promise<number | null> {
  const packs = await tx.range('vectors', { above, limit: PACKS });
  const telling = packs.filter(({ namespaces }) => namespaces.includes(namespace));
  const wiped = telling.flatMap((pack) => wipeVectors(pack, []) ?? []);
  if (wiped.length > 0) await tx.put('vectors', wiped);
  return packs.at(-1)?.pack ?? null;
}

function countTraces(driver: StorageDriver, { namespace, ids }: Purged): Promise<number> {
  const names = ids && new Set(ids);
  // Of a whole namespace its name is a trace too, where the vector that it stood by is wiped.
  const isPurged = (of: string | undefined, id: string | null) =>
    of === namespace && (names === null || (id !== null && names.has(id)));
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
