import type { VectorIndexError } from '../core/errors.ts';
import type { Durability } from '../core/types.ts';
import type { OperationRow, StoredBytes, TableName, Tables } from './schema.ts';

export type Key = string | number | readonly [string, string];

export interface KeyRange {
  /** Keys above this one. */
  readonly above?: Key | undefined;
  /** Keys from this one on. */
  readonly from?: Key | undefined;
  /** Keys below this one. */
  readonly below?: Key | undefined;
  readonly limit?: number | undefined;
  /**
   * The order is of no matter, as long as `above` means the same order. What keeps keys from being
   * read on the disk keeps them in another order there.
   */
  readonly anyOrder?: boolean | undefined;
}

/**
 * What may be awaited inside a transaction, and the only thing: anything else would let
 * IndexedDB commit it early.
 */
export interface StorageTransaction {
  get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined>;
  getMany<T extends TableName>(table: T, keys: readonly Key[]): Promise<(Tables[T] | undefined)[]>;
  /** In key order, unless any will do. */
  range<T extends TableName>(table: T, range: KeyRange): Promise<Tables[T][]>;
  /** The primary keys of all rows, in order. */
  keys(table: TableName): Promise<Key[]>;
  findOperation(opId: string): Promise<OperationRow | undefined>;
  put<T extends TableName>(table: T, rows: readonly Tables[T][]): Promise<void>;
  remove(table: TableName, keys: readonly Key[]): Promise<void>;
  removeRange(table: TableName, range: Omit<KeyRange, 'limit'>): Promise<void>;
}

/**
 * Where rows live. Every rejection is a `VectorIndexError`. A `readwrite` transaction resolves
 * only once it is complete; when its body throws, nothing of it stays. A body may be run again, if
 * what it read has changed before it was done.
 */
export interface StorageDriver {
  open(): Promise<void>;
  transaction<T>(
    mode: 'readonly' | 'readwrite',
    tables: readonly TableName[],
    body: (transaction: StorageTransaction) => Promise<T>,
    /** Of what a `readwrite` transaction writes. Default `strict`. */
    durability?: Durability,
  ): Promise<T>;
  close(): void;
  /** Deletes everything. Works whether open or not. */
  destroy(): Promise<void>;
  /**
   * Pending while a `readwrite` transaction is being put together, else `null`. Whoever might not come back
   * to the event loop waits for it: the transaction would stand as long as the worker, and keep others from reading.
   */
  readonly writing?: Promise<unknown> | null;
  /** Bytes as they are put into `blobs`. Default: a Blob. */
  readonly toStoredBytes?: (bytes: Uint8Array<ArrayBuffer>) => StoredBytes;
  /** Called once if the storage goes away underneath: deleted or upgraded elsewhere, or lost. */
  onLost(listener: (error: VectorIndexError) => void): void;
}
