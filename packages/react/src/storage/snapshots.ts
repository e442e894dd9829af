import { VectorIndexError } from '../core/errors.ts';
import { crc32c } from './checksum.ts';
import type { StorageDriver, StorageTransaction } from './driver.ts';
import { NO_BLOB, SNAPSHOT_KEYS, isIntact, isStoredBytes, seal } from './schema.ts';
import type { BlobPart, BlobRow, MaintenanceRow, SnapshotRow, StoredBytes } from './schema.ts';

export type NewSnapshot = Omit<SnapshotRow, 'key' | 'generation' | 'checksum'>;

/**
 * Snapshots as they are stored. Their bytes are staged in transactions of their own; one row then
 * makes them the newest. A maintainer that was overtaken is refused in each transaction with
 * `aborted`, whatever it believes.
 */
export interface SnapshotStore {
  /** Those whose row is intact, newest first. */
  list(): Promise<SnapshotRow[]>;
  /** The newest of those that nobody here has refused. */
  newest(): Promise<SnapshotRow | undefined>;
  /** It could not be opened: nothing is built on it, and it is the first to be written over. */
  refuse(row: SnapshotRow): void;
  /** Whether snapshots have to be free of removed vectors. */
  isPurged(): Promise<boolean>;
  /** Makes the caller the maintainer, under a name that nobody had before. */
  begin(epoch: string): Promise<void>;
  /** Stores bytes, and answers the number of their blob. */
  stage(epoch: string, bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Blobs in the order of their numbers; `undefined` where one is missing or damaged. */
  blobs(numbers: readonly number[]): Promise<(StoredBytes | undefined)[]>;
  /** Writes the snapshot's row over one that was refused, or else over that of the older one. */
  publish(epoch: string, snapshot: NewSnapshot): Promise<SnapshotRow>;
  /** Reads everything, and counts the snapshots of which some is lost or damaged. */
  countBroken(): Promise<number>;
  /** Deletes all snapshots. After a purge, later ones are made without removed vectors. */
  clear(epoch: string, options: { readonly isPurge: boolean }): Promise<void>;
  /** Deletes the blobs that no snapshot names, and answers how many those were. */
  collect(epoch: string): Promise<number>;
}

export function createSnapshotStore(driver: StorageDriver): SnapshotStore {
  /** By their checksums. */
  const refused = new Set<number>();
  const isRefused = ({ checksum }: SnapshotRow) => refused.has(checksum);

  return {
    list: () => driver.transaction('readonly', ['meta'], readSnapshots),

    async newest() {
      return (await this.list()).find((row) => !isRefused(row));
    },

    refuse({ checksum }) {
      refused.add(checksum);
    },

    isPurged: () =>
      driver.transaction('readonly', ['meta'], async (tx) => (await readState(tx)).isPurged),

    begin: (epoch) =>
      driver.transaction('readwrite', ['meta'], async (tx) => {
        await putState(tx, { ...(await readState(tx)), epoch });
      }),

    stage(epoch, bytes) {
      const crc = crc32c(bytes);
      return driver.transaction('readwrite', ['meta', 'blobs'], async (tx) => {
        await checkEpoch(tx, epoch);
        const last = (await tx.keys('blobs')).at(-1);
        const blob = typeof last === 'number' ? last + 1 : 1;
        const data = driver.toStoredBytes?.(bytes) ?? new Blob([bytes]);
        await tx.put('blobs', [seal<BlobRow>({ blob, bytes: bytes.length, crc, data })]);
        return blob;
      });
    },

    blobs: (numbers) =>
      driver.transaction('readonly', ['blobs'], async (tx) =>
        (await tx.getMany('blobs', numbers)).map((row) =>
          row && isIntact(row) && isStoredBytes(row.data) && row.data.size === row.bytes
            ? row.data
            : undefined,
        ),
      ),

    publish: (epoch, snapshot) =>
      driver.transaction('readwrite', ['meta'], async (tx) => {
        await checkEpoch(tx, epoch);
        const rows = await readSnapshots(tx);
        const [newest, older] = rows;
        const given = older && (rows.find(isRefused) ?? older);
        const key = given?.key ?? SNAPSHOT_KEYS.find((name) => name !== newest?.key);
        const state = await readState(tx);
        const generation = state.generation + 1;
        const row = seal<SnapshotRow>({ ...snapshot, key: key ?? SNAPSHOT_KEYS[0], generation });
        await tx.put('meta', [row]);
        await putState(tx, { ...state, epoch, generation, kept: Math.min(2, state.kept + 1) });
        return row;
      }),

    async countBroken() {
      const broken = new Set<number>();
      for (const row of await this.list()) {
        let isWhole = true;
        for (const number of blobsOf(row)) isWhole &&= await isBlobWhole(driver, number);
        if (!isWhole) broken.add(row.checksum);
      }
      if (broken.size === 0) return 0;
      // Another tab may have stored a newer one meanwhile, and deleted what this one was made of.
      return (await this.list()).filter(({ checksum }) => broken.has(checksum)).length;
    },

    clear: (epoch, { isPurge }) =>
      driver.transaction('readwrite', ['meta', 'blobs'], async (tx) => {
        await checkEpoch(tx, epoch);
        const state = await readState(tx);
        await tx.remove('meta', SNAPSHOT_KEYS);
        await tx.remove('blobs', await tx.keys('blobs'));
        await putState(tx, { ...state, epoch, kept: 0, isPurged: state.isPurged || isPurge });
      }),

    collect: (epoch) =>
      driver.transaction('readwrite', ['meta', 'blobs'], async (tx) => {
        await checkEpoch(tx, epoch);
        const named = new Set<unknown>((await readSnapshots(tx)).flatMap(blobsOf));
        const orphans = (await tx.keys('blobs')).filter((key) => !named.has(key));
        if (orphans.length > 0) await tx.remove('blobs', orphans);
        return orphans.length;
      }),
  };
}

async function readSnapshots(tx: StorageTransaction): Promise<SnapshotRow[]> {
  const rows = await tx.getMany('meta', SNAPSHOT_KEYS);
  return rows
    .filter((row): row is SnapshotRow => row !== undefined && 'chunks' in row && isIntact(row))
    .sort((a, b) => b.generation - a.generation);
}

/** The blobs that a snapshot is in, each once. */
export function blobsOf(row: SnapshotRow): number[] {
  const numbers = new Set(partsOf(row).map(({ blob }) => blob));
  numbers.delete(NO_BLOB);
  return [...numbers];
}

/** Everything that a snapshot consists of. */
export function partsOf({ chunks, slots, columns = [] }: SnapshotRow): BlobPart[] {
  return [...chunks, ...slots, ...columns];
}

async function isBlobWhole(driver: StorageDriver, number: number): Promise<boolean> {
  const row = await driver.transaction('readonly', ['blobs'], (tx) => tx.get('blobs', number));
  if (!row || !isIntact(row) || !isStoredBytes(row.data)) return false;
  try {
    return crc32c(new Uint8Array(await row.data.arrayBuffer())) === row.crc;
  } catch {
    // The file behind it is gone or unreadable.
    return false;
  }
}

/** What is known of earlier maintenance. If its row is lost, the worse is assumed. */
async function readState(
  tx: StorageTransaction,
): Promise<Omit<MaintenanceRow, 'key' | 'epoch' | 'checksum'>> {
  const row = await tx.get('meta', 'maintenance');
  const snapshots = await readSnapshots(tx);
  const generation = snapshots[0]?.generation ?? 0;
  if (row?.key !== 'maintenance' || !isIntact(row)) {
    const isNew = !row && snapshots.length === 0;
    return { generation, kept: snapshots.length, isPurged: !isNew };
  }
  const { kept, isPurged } = row;
  return { generation: Math.max(row.generation, generation), kept, isPurged };
}

function putState(
  tx: StorageTransaction,
  state: Omit<MaintenanceRow, 'key' | 'checksum'>,
): Promise<void> {
  return tx.put('meta', [seal<MaintenanceRow>({ key: 'maintenance', ...state })]);
}

/** Snapshots that should be there, and are not, or not intact. */
export async function countLostSnapshots(tx: StorageTransaction): Promise<number> {
  return (await readState(tx)).kept - (await readSnapshots(tx)).length;
}

async function checkEpoch(tx: StorageTransaction, epoch: string): Promise<void> {
  const row = await tx.get('meta', 'maintenance');
  if (row?.key === 'maintenance' && row.epoch === epoch && isIntact(row)) return;
  throw new VectorIndexError(
    'aborted',
    'Another tab has taken the maintenance of the index over.',
    'Nothing needs to be done.',
  );
}
