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
  readonly checksum: number;
}

export type MetaRow = IndexRow | HeadRow;

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
  /** One entry a vector; `null` in `ids` where the vector was replaced or removed. */
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

export interface Tables {
  meta: MetaRow;
  documents: DocumentRow;
  vectors: PackRow;
  operations: OperationRow;
}

export type TableName = keyof Tables;

export const TABLE_NAMES = ['meta', 'documents', 'vectors', 'operations'] as const;

/** The primary key's property, or properties, of each table. */
export const PRIMARY_KEYS = {
  meta: 'key',
  documents: ['namespace', 'id'],
  vectors: 'pack',
  operations: 'seq',
} as const satisfies Record<TableName, string | readonly string[]>;

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
