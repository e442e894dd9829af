import type { DocumentReference } from './documents.ts';

/** What a walk over everything stored found. */
export interface HealthReport {
  /** Documents whose row is intact. */
  readonly documents: number;
  /**
   * Documents whose row is not what was written. They are in no result. Encrypted, such a row does not tell
   * its names: hashes stand in for them.
   */
  readonly damagedDocuments: readonly DocumentReference[];
  /** Documents that searches cannot find, because their vector is lost or damaged. */
  readonly withoutVector: readonly DocumentReference[];
  /** Damaged pieces of the stored vectors, each those of one batch. */
  readonly damagedPacks: number;
  /** Vectors that belong to no document any more. */
  readonly strayVectors: number;
  /** Entries of the log that are missing or damaged. Tabs that need them load everything anew. */
  readonly damagedOperations: number;
  /** Snapshots that are damaged. The index is opened from its rows without them. */
  readonly damagedSnapshots: number;
  /** The number of documents that is kept beside them is theirs. */
  readonly isCountRight: boolean;
}
