import type { HealthReport } from '../core/types.ts';
import { firstKept, readMeta } from './commit.ts';
import type { StorageDriver, StorageTransaction } from './driver.ts';
import { eachRow } from './each-row.ts';
import { isWholePack, wipeVectors } from './packs.ts';
import { isIntact, seal } from './schema.ts';
import type { DocumentKey, DocumentRow, HeadRow } from './schema.ts';
import { countLostSnapshots } from './snapshots.ts';

/** Walks everything, in one transaction, and changes nothing. */
export function verifyRows(driver: StorageDriver): Promise<HealthReport> {
  return driver.transaction('readonly', TABLES, async (tx) => (await walk(tx)).health);
}

/**
 * Takes out what is damaged, and makes the rest agree: in one transaction, so that nothing else
 * comes between. Documents without a vector stay, to be embedded again.
 */
export function repairRows(driver: StorageDriver): Promise<HealthReport> {
  return driver.transaction('readwrite', TABLES, async (tx) => {
    const { health, damagedDocuments, damagedPacks, strays } = await walk(tx);
    if (damagedDocuments.length > 0) await tx.remove('documents', damagedDocuments);
    if (damagedPacks.length > 0) await tx.remove('vectors', damagedPacks);
    for (const [number, rows] of strays) {
      const pack = await tx.get('vectors', number);
      const wiped = pack && wipeVectors(pack, rows);
      if (wiped) await tx.put('vectors', [wiped]);
      else await tx.remove('vectors', [number]);
    }
    const { head } = await readMeta(tx);
    const documentCount = health.documents;
    await tx.put('meta', [seal<HeadRow>({ ...head, documentCount })]);
    return health;
  });
}

const TABLES = ['meta', 'documents', 'vectors', 'operations'] as const;

interface Walk {
  readonly health: HealthReport;
  readonly damagedDocuments: readonly DocumentKey[];
  readonly damagedPacks: readonly number[];
  /** Rows of packs that belong to nobody. */
  readonly strays: ReadonlyMap<number, readonly number[]>;
}

async function walk(tx: StorageTransaction): Promise<Walk> {
  const { index, head } = await readMeta(tx);
  const owners = new Map<string, DocumentKey>();
  const damagedDocuments: DocumentKey[] = [];
  await eachRow(tx, 'documents', keyOfDocument, (row) => {
    const key = keyOfDocument(row);
    if (isIntact(row)) owners.set(placeOf(row.pack, row.row), key);
    else damagedDocuments.push(key);
  });
  const documents = owners.size;

  const damagedPacks: number[] = [];
  const strays = new Map<number, number[]>();
  let strayVectors = 0;
  await eachRow(
    tx,
    'vectors',
    ({ pack }) => pack,
    (pack) => {
      if (!isWholePack(pack, index.dimensions)) {
        damagedPacks.push(pack.pack);
        return;
      }
      pack.ids.forEach((id, row) => {
        if (id === null) return;
        const place = placeOf(pack.pack, row);
        const owner = owners.get(place);
        if (owner?.[0] === pack.namespaces[row] && owner?.[1] === id) {
          owners.delete(place);
          return;
        }
        strayVectors++;
        strays.set(pack.pack, [...(strays.get(pack.pack) ?? []), row]);
      });
    },
  );

  let damagedOperations = 0;
  let expected = firstKept(head);
  await eachRow(
    tx,
    'operations',
    ({ seq }) => seq,
    (row) => {
      if (row.seq < expected) return;
      damagedOperations += Math.max(0, row.seq - expected) + Number(!isIntact(row));
      expected = row.seq + 1;
    },
  );
  damagedOperations += Math.max(0, head.seq + 1 - expected);

  return {
    damagedDocuments,
    damagedPacks,
    strays,
    health: {
      documents,
      damagedDocuments: damagedDocuments.map(referenceOf),
      // Those whose place nobody filled.
      withoutVector: [...owners.values()].map(referenceOf),
      damagedPacks: damagedPacks.length,
      strayVectors,
      damagedOperations,
      damagedSnapshots: await countLostSnapshots(tx),
      isCountRight: head.documentCount === documents + damagedDocuments.length,
    },
  };
}

function referenceOf([namespace, id]: DocumentKey) {
  return { namespace, id };
}

function keyOfDocument({ namespace, id }: DocumentRow): DocumentKey {
  return [namespace, id];
}

function placeOf(pack: number, row: number): string {
  return `${pack}/${row}`;
}
