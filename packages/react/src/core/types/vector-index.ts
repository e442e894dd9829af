import type {
  CountParams,
  ListParams,
  NamespaceInfo,
  StoredDocument,
  VectorDocument,
} from './documents.ts';
import type { Embedder } from './embedder.ts';
import type { HealthReport } from './health.ts';
import type { IndexEncryption } from './options.ts';
import type { SearchParams, SearchResult, SearchTarget } from './search.ts';
import type { IndexStatus } from './status.ts';
import type { DocumentId, Metadata, Metric, Readable } from './values.ts';
import type { InsertOptions, InsertResult, RemoveSelector } from './writes.ts';

/**
 * An index: opened on first use, the same in every component, closed by `close()`.
 *
 * Every promise settles, and rejects with a {@link VectorIndexError} only: `invalid-input` or
 * `dimension-mismatch` for what was given, what kept the index from opening, `worker-lost` or `timeout` for
 * what to ask again, `closed` after `close()`, `aborted` after its signal.
 */
export interface VectorIndex<M extends Metadata = Metadata> {
  /** Of the database, in this origin. */
  readonly name: string;
  /** What turns text into vectors, if it was given one. */
  readonly embedder: Embedder | undefined;
  /** Numbers in each vector. */
  readonly dimensions: number;
  readonly metric: Metric;
  /** What a UI shows about it, as it changes. */
  readonly status: Readable<IndexStatus>;

  /**
   * Opens the database and loads the vectors. Safe to call again; retries after a failure. Rejects with what
   * is in the way: `unsupported`, `csp`, `wasm-load`, `worker-load`, `timeout`, `storage-unavailable`, `blocked`,
   * `upgrade-required`, `corrupt`, `embedder-mismatch`, `dimension-mismatch`, `invalid-input` (another metric),
   * `wrong-key`, `key-required`, `not-encrypted`.
   */
  ready(): Promise<void>;
  /**
   * Inserts, or replaces documents of the same id. Resolves when all of it is stored. When it rejects, batches
   * that `onProgress` told of are stored. Rejects also with `quota-exceeded`, and with what the embedder rejects
   * with.
   */
  insert(
    documents: VectorDocument<M> | readonly VectorDocument<M>[],
    options?: InsertOptions,
  ): Promise<InsertResult>;
  /** The documents most similar to the target. Rejects also with what the embedder rejects with. */
  search(
    target: SearchTarget,
    params?: SearchParams<M> & { readonly signal?: AbortSignal | undefined },
  ): Promise<SearchResult<M>>;
  /** One document of a namespace, default `'default'`, or `undefined`. Without its vector unless asked. */
  get(
    id: DocumentId,
    options?: { readonly namespace?: string | undefined; readonly vector?: boolean | undefined },
  ): Promise<StoredDocument<M> | undefined>;
  /** Documents of a namespace in id order. */
  list(params?: ListParams<M>): Promise<readonly StoredDocument<M>[]>;
  /** How many documents a namespace holds, default `'default'`, or a filter lets through of it. */
  count(params?: string | CountParams<M>): Promise<number>;
  /** The namespaces that hold documents, by name. With `bytes` all documents are read. */
  namespaces(options?: { readonly bytes?: boolean | undefined }): Promise<readonly NamespaceInfo[]>;
  /** Resolves with how many were removed, after their rows are gone. */
  remove(selector: RemoveSelector): Promise<number>;
  /**
   * Removes, and deletes whatever else could tell of the documents: their vectors from snapshots and
   * memory, their names from the log. Then reads everything, to be sure. Takes much longer than
   * `remove`, after which the text and the vector's row are gone at once as well.
   *
   * @returns how many documents were removed
   * @throws VectorIndexError `degraded`: they are removed, and traces of them are left
   */
  purge(selector: RemoveSelector): Promise<number>;
  /**
   * Takes removed vectors out of the graph, then stores it as it is now, so that the next visit opens it
   * instead of building it. Both otherwise happen by themselves: the first when a quarter of all vectors
   * are removed ones, the second when nothing is written for a while. Searches are answered meanwhile,
   * writes wait. Storing is left to another tab that is at it already.
   *
   * @throws VectorIndexError `degraded`: the engine is done without, so there is no graph
   */
  optimize(): Promise<void>;
  /**
   * Reads everything that is stored and compares its checksums. Changes nothing. Writes wait for it, and
   * the graph is not worked on meanwhile; searches go on.
   */
  verify(): Promise<HealthReport>;
  /**
   * Takes out what is damaged, embeds documents again whose vector is lost, and builds the graph from
   * the rows. Resolves with what it found.
   */
  repair(): Promise<HealthReport>;
  /**
   * Makes an encrypted index open with another passphrase or key from now on. Its documents are not
   * written anew, since they are encrypted with a key of their own that only this opens: who has both
   * the old passphrase and an old copy of the disk can read what was stored since. Other tabs go on, and
   * need the new one when they are reloaded. If it rejects because the worker was lost, look which of the
   * two opens the index.
   *
   * @throws VectorIndexError `not-encrypted`
   */
  changeKey(encryption: IndexEncryption): Promise<void>;
  /** Asks the browser to keep the data. Resolves with its answer, which is no for an index in memory. */
  persist(): Promise<boolean>;
  /**
   * Stops the worker, for good: what is under way and what is asked later rejects with `closed`. Stored data
   * stays; of an index in memory nothing does.
   */
  close(): Promise<void>;
  /**
   * Closes, then deletes the database. Starts the worker if it does not run, and rejects if it cannot
   * start.
   */
  destroy(): Promise<void>;
}
