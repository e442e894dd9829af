import { VectorIndexError } from '../core/errors.ts';
import { sameBytes } from '../storage/canonical.ts';
import { crc32c } from '../storage/checksum.ts';
import { NO_BLOB } from '../storage/schema.ts';
import type { BlobPart, SlotsPart, SnapshotRow } from '../storage/schema.ts';
import { partsOf } from '../storage/snapshots.ts';
import type { SnapshotStore } from '../storage/snapshots.ts';
import type { Replica } from './replica.ts';

/** Bytes stored in one go. */
const BLOB_BYTES = 2 ** 23;
/** Written anew as a whole once more than this share of stored snapshots' bytes is of no use. */
const WASTED_SHARE = 0.5;

/** The snapshot that a replica was opened from, or that was last made of it. */
export interface SnapshotBase {
  readonly row: SnapshotRow;
  readonly revisions: SlotRevisions;
  /** Documents whose metadata it knows. */
  readonly knownCount: number;
}

/** What `segmentRevision` said then, one a segment. */
export interface SlotRevisions {
  readonly slots: readonly number[];
  readonly columns: readonly number[];
}

export interface SnapshotPlan {
  /** What storing it writes: everything, or what the stored one does not have. */
  readonly bytes: number;
  /**
   * Stores it under the name of a maintainer, who began before any of it was planned. Meanwhile the
   * replica may be searched, but must not change.
   *
   * @throws VectorIndexError `aborted` when another tab began the same later; what storage throws
   */
  store(epoch: string, about: SnapshotAbout): Promise<SnapshotBase>;
}

export type SnapshotAbout = Pick<
  SnapshotRow,
  'documentCount' | 'lacking' | 'writtenBytes' | 'hnsw'
>;

/** A run of bytes that is stored already, or is still to be. */
interface Piece {
  readonly stored: BlobPart | null;
  readonly bytes: number;
  read(): Uint8Array<ArrayBuffer>;
}

/** Finds out what a snapshot of this moment consists of, and what of it is stored already. */
export async function planSnapshot(
  replica: Replica,
  snapshots: SnapshotStore,
  base: SnapshotBase | null,
): Promise<SnapshotPlan> {
  const newest = await snapshots.newest();
  const since = newest && !isWasteful(newest) ? newest : null;
  const changes = replica.snapshotChanges(since?.manifest);
  const changed = new Map(changes.chunks.map((chunk) => [chunk.key, chunk]));
  const stored = new Map(since?.chunks.map((part) => [part.key, part]));
  const chunks = changes.keys.map((key): Piece => {
    const chunk = changed.get(key);
    return chunk
      ? { stored: null, bytes: chunk.bytes, read: () => chunk.read() }
      : storedPiece(stored.get(key));
  });

  // Whoever loads an index numbers its slots: only of its own snapshots a replica knows what changed.
  const own = since && base?.row.checksum === since.checksum ? base : null;
  const revisions = revisionsOf(replica);
  const slots = revisions.slots.map((revision, segment) =>
    own?.revisions.slots[segment] === revision
      ? storedSegment(own.row.slots[segment])
      : newSegment(replica.slots.encodeSegment(segment)),
  );
  const {
    seq,
    slots: { knownCount, columns: kept },
  } = replica;
  const { fields } = kept;
  const columns =
    knownCount === 0
      ? []
      : revisions.columns.map((revision, segment) =>
          own?.row.columns && own.revisions.columns[segment] === revision
            ? storedSegment(own.row.columns[segment])
            : newSegment(kept.encodeSegment(segment)),
        );
  const pieces = [...chunks, ...slots, ...columns];

  return {
    bytes: pieces.reduce((sum, { stored, bytes }) => sum + (stored ? 0 : bytes), 0),
    async store(epoch, about) {
      try {
        return await store(epoch, about);
      } catch (error) {
        // What was staged is of no use, and where room is short it must not stay.
        await snapshots.collect(epoch).catch(() => undefined);
        throw error;
      }
    },
  };

  async function store(epoch: string, about: SnapshotAbout): Promise<SnapshotBase> {
    // What is left of one that was never finished: visits may be short, and each leave some.
    await snapshots.collect(epoch);
    const parts = await storePieces(pieces, snapshots, epoch);
    const segments = (of: readonly SegmentPiece[], from: number) =>
      of.map(({ crc }, at) => ({ ...(parts[from + at] as BlobPart), crc }));
    const row = await snapshots.publish(epoch, {
      ...about,
      seq,
      manifest: changes.manifest,
      chunks: parts
        .slice(0, chunks.length)
        .map((part, position) => ({ ...part, key: changes.keys[position] ?? '' })),
      slots: segments(slots, chunks.length),
      ...(columns.length === 0
        ? {}
        : { columns: segments(columns, chunks.length + slots.length), fields }),
    });
    await snapshots.collect(epoch);
    return { row, revisions, knownCount };
  }
}

/** As it is now. */
export function revisionsOf({ slots }: Pick<Replica, 'slots'>): SlotRevisions {
  const { segmentCount: length, columns } = slots;
  return {
    slots: Array.from({ length }, (_, segment) => slots.segmentRevision(segment)),
    columns: Array.from({ length }, (_, segment) => columns.segmentRevision(segment)),
  };
}

interface SegmentPiece extends Piece {
  readonly crc: number;
}

function newSegment(bytes: Uint8Array<ArrayBuffer>): SegmentPiece {
  return { stored: null, bytes: bytes.length, crc: crc32c(bytes), read: () => bytes };
}

function storedSegment(part: SlotsPart | undefined): SegmentPiece {
  return { ...storedPiece(part), crc: part?.crc ?? 0 };
}

/** Stores what is not stored yet, several pieces a blob, and says where everything is. */
async function storePieces(
  pieces: readonly Piece[],
  snapshots: SnapshotStore,
  epoch: string,
): Promise<BlobPart[]> {
  const parts: BlobPart[] = [];
  for (let at = 0; at < pieces.length;) {
    // Which pieces go into the next blob?
    const first = at;
    let total = 0;
    for (; at < pieces.length && total < BLOB_BYTES; at++) {
      const { stored, bytes } = pieces[at] as Piece;
      if (!stored) total += bytes;
    }
    const bytes = new Uint8Array(total);
    let offset = 0;
    const places = pieces.slice(first, at).map((piece) => {
      if (piece.stored) return piece.stored;
      const place = { blob: NO_BLOB, offset, bytes: piece.bytes };
      bytes.set(piece.read(), offset);
      offset += piece.bytes;
      return place;
    });
    const blob = total === 0 ? NO_BLOB : await stageBytes(bytes, snapshots, epoch);
    parts.push(...places.map((place) => (place.blob === NO_BLOB ? { ...place, blob } : place)));
  }
  return parts;
}

/** What cannot be read back is noticed while the snapshot before it is still there. */
async function stageBytes(
  bytes: Uint8Array<ArrayBuffer>,
  snapshots: SnapshotStore,
  epoch: string,
): Promise<number> {
  const blob = await snapshots.stage(epoch, bytes);
  const [stored] = await snapshots.blobs([blob]);
  const read = stored && new Uint8Array(await stored.arrayBuffer());
  if (read && sameBytes(read, bytes)) return blob;
  throw new VectorIndexError(
    'corrupt',
    'What was stored could not be read back.',
    'The snapshot before it stays, and another is tried later.',
  );
}

function storedPiece(part: BlobPart | undefined): Piece {
  const read = () => {
    throw new VectorIndexError('corrupt', 'A snapshot lacks a part.', 'Another is made.');
  };
  if (!part) return { stored: null, bytes: 0, read };
  const { blob, offset, bytes } = part;
  return { stored: { blob, offset, bytes }, bytes, read };
}

/** Whether the blobs that a snapshot is spread over hold much that it does not use. */
function isWasteful(row: SnapshotRow): boolean {
  const ends = new Map<number, number>();
  let used = 0;
  for (const { blob, offset, bytes } of partsOf(row)) {
    used += bytes;
    ends.set(blob, Math.max(ends.get(blob) ?? 0, offset + bytes));
  }
  const held = [...ends.values()].reduce((sum, end) => sum + end, 0);
  return held - used > WASTED_SHARE * held;
}
