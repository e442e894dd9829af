import type { VectorIndexError } from '../errors.ts';
import type { EmbedderStatus } from './embedder.ts';
import type { InsertProgress } from './writes.ts';

/**
 * What an index is at: not asked for anything yet, opening, usable, failed, or closed for good.
 */
export type IndexState = 'idle' | 'opening' | 'ready' | 'error' | 'closed';

/** Where an index is stored, and how safely. */
export interface StorageStatus {
  /** What the options asked for. */
  readonly kind: 'indexeddb' | 'memory';
  /**
   * Nothing outlives the tab: `memory` was asked for, or the browser refuses to store, as some do in
   * private windows.
   */
  readonly ephemeral: boolean;
  /** The last write found no room. False again after the next that finds it. */
  readonly full: boolean;
  /**
   * What an earlier visit stored is gone: the browser or its user cleared it, or an `ephemeral` index
   * lost its worker. The index is empty, to be filled anew; false again once it holds a document.
   */
  readonly evicted: boolean;
  /** Whether the browser promised not to clear it; `null` while unknown. */
  readonly persisted: boolean | null;
  /** Bytes the whole origin uses and may use, as the browser estimates; `null` where it will not say. */
  readonly usageBytes: number | null;
  readonly quotaBytes: number | null;
}

/** What a UI shows about an index. A new object only when something changed. */
export interface IndexStatus {
  readonly state: IndexState;
  /** Why it is in the state `error`; else `null`. */
  readonly error: VectorIndexError | null;
  /** Rises whenever what searches can find has changed. */
  readonly revision: number;
  /** Of all namespaces. 0 until the index is open. */
  readonly documentCount: number;
  /** Vectors that searches still compare one by one, because the graph does not hold them yet. */
  readonly unindexedCount: number;
  /**
   * Removed vectors that the graph still holds: they take memory and searching time until it is compacted,
   * which happens by itself when they are a quarter of all, and with `optimize()`.
   */
  readonly tombstoneCount: number;
  /**
   * The engine failed several times within a minute, so every vector is compared without it: slow,
   * and right. Reloading the page tries the engine again.
   */
  readonly degraded: boolean;
  /** Inserts under way, summed; `null` when none is. */
  readonly insert: InsertProgress | null;
  /** WASM memory of the engine. 0 until the index is open, and while it is `degraded`. */
  readonly memoryBytes: number;
  readonly storage: StorageStatus;
  /** How far the model is; `null` for an index without one, or one that has nothing to load. */
  readonly embedder: EmbedderStatus | null;
}
