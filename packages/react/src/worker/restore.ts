import type { Engine, IndexOpening } from '@akin/engine/slim';
import { VectorIndexError } from '../core/errors.ts';
import { crc32c } from '../storage/checksum.ts';
import type { SnapshotRow, StoredBytes } from '../storage/schema.ts';
import { blobsOf } from '../storage/snapshots.ts';
import type { SnapshotStore } from '../storage/snapshots.ts';
import { readParts } from './read-parts.ts';
import { replicaOf } from './replica.ts';
import type { Replica, ReplicaOptions } from './replica.ts';
import { createSlotMap } from './slot-map.ts';
import type { SlotMap } from './slot-map.ts';
import { SEGMENT_SLOTS } from './slot-segment.ts';

/**
 * Opens what a snapshot holds. Everything read is checked, by the engine or here.
 *
 * @throws VectorIndexError `corrupt` when it is damaged, incomplete or not of this index; an
 * `EngineError` when the engine says so
 */
export async function restoreReplica(
  engine: Engine,
  snapshots: SnapshotStore,
  row: SnapshotRow,
  options: ReplicaOptions,
): Promise<Replica> {
  const numbers = blobsOf(row);
  const found = await snapshots.blobs(numbers);
  const blobs = new Map(numbers.map((number, position) => [number, found[position]]));
  const blobOf = (number: number) => blobs.get(number);

  const slots = await restoreSlots(row, blobOf);
  const opening = engine.beginOpen(row.manifest);
  try {
    await putChunks(opening, row, blobOf);
    const index = opening.finish();
    if (index.dimensions !== options.dimensions || index.metric !== options.metric) {
      index.free();
      throw damaged('is of another index');
    }
    if (
      index.size !== slots.size ||
      slots.segmentCount > Math.ceil(index.slotCount / SEGMENT_SLOTS)
    ) {
      index.free();
      throw damaged('names other documents than it has vectors');
    }
    return replicaOf({ index, slots, seq: row.seq, hnsw: options.hnsw });
  } finally {
    // Does nothing once it is finished.
    opening.free();
  }
}

async function restoreSlots(
  row: SnapshotRow,
  blobOf: (number: number) => StoredBytes | undefined,
): Promise<SlotMap> {
  const slots = createSlotMap();
  let segment = 0;
  for await (const bytes of readParts(row.slots, blobOf)) {
    const part = row.slots[segment];
    if (!bytes || crc32c(bytes) !== part?.crc || !slots.loadSegment(segment, bytes)) {
      throw damaged('does not say which documents it holds');
    }
    segment++;
  }
  await restoreColumns(slots, row, blobOf);
  return slots;
}

/** What of it is missing is read from rows when a filter asks for it. */
async function restoreColumns(
  { columns }: SlotMap,
  row: SnapshotRow,
  blobOf: (number: number) => StoredBytes | undefined,
): Promise<void> {
  const parts = row.columns ?? [];
  let segment = 0;
  for await (const bytes of readParts(parts, blobOf)) {
    if (bytes && crc32c(bytes) === parts[segment]?.crc) columns.loadSegment(segment, bytes);
    segment++;
  }
}

async function putChunks(
  opening: IndexOpening,
  row: SnapshotRow,
  blobOf: (number: number) => StoredBytes | undefined,
): Promise<void> {
  const places = new Map(row.chunks.map((part) => [part.key, part]));
  const parts = opening.keys.flatMap((key) => places.get(key) ?? []);
  if (parts.length !== opening.keys.length) throw damaged('lacks a part');
  for await (const bytes of readParts(parts, blobOf)) {
    if (!bytes) throw damaged('lacks a part');
    opening.put(bytes);
  }
}

function damaged(what: string): VectorIndexError {
  return new VectorIndexError(
    'corrupt',
    `A snapshot of the index ${what}.`,
    'The index is rebuilt from its rows.',
  );
}
