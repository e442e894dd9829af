import type { HnswOptions, Metadata, Metric } from '../core/types.ts';
import { crc32c } from './checksum.ts';
import { checksumCanonical } from './canonical.ts';

/** Rises with every change that an older reader would misread. */
export const SCHEMA_VERSION = 1;

export type DocumentKey = readonly [namespace: string, id: string];

/** What an index is, fixed when it is made. */
export interface IndexRow {
  readonly key: 'index';
  readonly schemaVersion: number;
  readonly metric: Metric;
  readonly dimensions: number;
  /** `null`: vectors were brought without naming where they come from. */
  readonly embedderId: string | null;
  readonly hnsw: HnswOptions;
  /** Random. Another one under the same name is another index. */
  readonly birthId: string;
  readonly checksum: number;
}

/** How far the log has come. */
export interface HeadRow {
  readonly key: 'head';
  readonly seq: number;
  readonly documentCount: number;
  /** The first operation that can be followed: those before were made to forget what they did. */
  readonly logStart?: number;
  /** Bytes of rows that all operations so far wrote, roughly. Absent: before they were counted. */
  readonly writtenBytes?: number;
  readonly checksum: number;
}

/** Who may write and delete snapshots: whoever came last. */
export interface MaintenanceRow {
  readonly key: 'maintenance';
  /** Random, another one for each time that somebody begins. */
  readonly epoch: string;
  /** Of the last snapshot that was published; 0 before the first. Never given twice. */
  readonly generation: number;
  /** How many snapshots there should be: up to two. */
  readonly kept: number;
  /** Documents were purged: no snapshot may hold removed vectors any more. */
  readonly isPurged: boolean;
  readonly checksum: number;
}

/** Where parts without bytes are. */
export const NO_BLOB = 0;

/** Where bytes are within `blobs`. */
export interface BlobPart {
  readonly blob: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A chunk of the engine's snapshot, under the key that the engine gave it. */
export interface ChunkPart extends BlobPart {
  readonly key: string;
}

/** Which documents some slots hold, or what is known of their metadata. The engine's chunks have checksums of their own. */
export interface SlotsPart extends BlobPart {
  readonly crc: number;
}

export const SNAPSHOT_KEYS = ['snapshot-a', 'snapshot-b'] as const;

/**
 * The graph and the slots as they were at one operation. There are two, and the older one is
 * overwritten, so that one is whole at any moment.
 */
export interface SnapshotRow {
  readonly key: (typeof SNAPSHOT_KEYS)[number];
  /** Rises by one with each snapshot. */
  readonly generation: number;
  /** The last operation that it holds. */
  readonly seq: number;
  readonly documentCount: number;
  /** The head's, at that operation. */
  readonly writtenBytes: number;
  /** Documents that it is without, because their vectors are lost for good. Absent: none. */
  readonly lacking?: number;
  /** What the graph was built with. */
  readonly hnsw: Pick<HnswOptions, 'm' | 'efConstruction'>;
  /** What the engine needs to know of its chunks, checksums included. */
  readonly manifest: Uint8Array<ArrayBuffer>;
  readonly chunks: readonly ChunkPart[];
  readonly slots: readonly SlotsPart[];
  /**
   * The fields of metadata that filters have asked for, for as many segments as `slots` has. Absent: nobody
   * has. An index opens without them.
   */
  readonly columns?: readonly SlotsPart[];
  /** The names of these fields. Absent: there are none, or they were stored before names were. */
  readonly fields?: readonly string[];
  readonly checksum: number;
}

export type MetaRow = IndexRow | HeadRow | MaintenanceRow | SnapshotRow;

export interface DocumentRow {
  readonly namespace: string;
  readonly id: string;
  readonly text: string | null;
  readonly metadata: Metadata;
  readonly truncated: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Where its vector is. */
  readonly pack: number;
  readonly row: number;
  /** The operation that wrote this row. */
  readonly seq: number;
  readonly checksum: number;
}

/** The vectors of one operation, and whose they are: all that loading an index has to read. */
export interface PackRow {
  /** The operation that wrote it. */
  readonly pack: number;
  readonly dimensions: number;
  readonly embedderId: string | null;
  /** One entry a vector; where it was replaced or removed, `null` in `ids` and the empty name in `namespaces`. */
  readonly namespaces: readonly string[];
  readonly ids: readonly (string | null)[];
  /** f32, row-major; dead rows are zero. */
  readonly data: ArrayBuffer;
  readonly checksum: number;
}

export interface PutResult {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly truncated: readonly string[];
}

/** The log: contiguous `seq`, unique `opId`. */
export interface OperationRow {
  readonly seq: number;
  readonly opId: string;
  readonly kind: 'put' | 'remove';
  /** The pack that it wrote, if any. */
  readonly pack: number | null;
  /** What it removed, or changed without a new vector. */
  readonly keys: readonly DocumentKey[];
  /** What a resend is answered. */
  readonly result: PutResult | number;
  readonly at: number;
  readonly checksum: number;
}

/** What is read of a Blob, whether it is one. */
export interface StoredBytes {
  readonly size: number;
  slice(start: number, end: number): StoredBytes;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export function isStoredBytes(value: unknown): value is StoredBytes {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value && 'size' in value;
}

/**
 * Bytes of snapshots, many pieces together: browsers store few large Blobs much faster than many
 * rows. Written once, never changed.
 */
export interface BlobRow {
  readonly blob: number;
  readonly bytes: number;
  /** CRC-32C of the data, which the row's own checksum cannot cover: it is read later. */
  readonly crc: number;
  readonly data: StoredBytes;
  readonly checksum: number;
}

export interface Tables {
  meta: MetaRow;
  documents: DocumentRow;
  vectors: PackRow;
  operations: OperationRow;
  blobs: BlobRow;
}

export type TableName = keyof Tables;

export const TABLE_NAMES = ['meta', 'documents', 'vectors', 'operations', 'blobs'] as const;

/** The primary key's property, or properties, of each table. */
export const PRIMARY_KEYS = {
  meta: 'key',
  documents: ['namespace', 'id'],
  vectors: 'pack',
  operations: 'seq',
  blobs: 'blob',
} as const satisfies Record<TableName, string | readonly string[]>;

/** On what stands in for a row that cannot be decrypted: the row as it is stored. */
export const UNREADABLE = Symbol('unreadable');

/** Whether nobody can tell what a row held. */
export function isUnreadable(row: Tables[TableName]): boolean {
  return UNREADABLE in row;
}

type Unsealed<R> = R extends { readonly checksum: number } ? Omit<R, 'checksum'> : never;

/** Adds the checksum over all other fields. */
export function seal<R extends Tables[TableName]>(row: Unsealed<R>): R {
  return { ...row, checksum: checksumOf(row) } as unknown as R;
}

/** Whether a row is what was written. */
export function isIntact(row: Tables[TableName]): boolean {
  return checksumOf(row) === row.checksum;
}

function checksumOf(row: object): number {
  const crc = checksumCanonical(row, (field) => field !== 'checksum' && field !== 'data');
  const { data } = row as { data?: unknown };
  return data instanceof ArrayBuffer ? crc32c(new Uint8Array(data), crc) : crc;
}
