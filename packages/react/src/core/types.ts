import type { VectorIndexError } from './errors.ts';
import type { Filter } from './filter.ts';

/** A document's name, chosen by the app. Unique within its namespace. */
export type DocumentId = string;

/**
 * What an app keeps beside a document. Anything the structured clone algorithm copies. Declare it with
 * `type`; an `interface` must extend `Metadata`.
 */
export type Metadata = Record<string, unknown>;

/**
 * How similarity is measured. Scores are similarities: higher is always better.
 *
 * - `cosine`: −1 to 1, vectors need not be normalised
 * - `dot`: the inner product, unbounded
 * - `l2`: `1 / (1 + distance)`, 0 to 1
 */
export type Metric = 'cosine' | 'dot' | 'l2';

/** A readable value with change notification: what `useSyncExternalStore` takes. */
export interface Readable<T> {
  /** The value now: the same object until it changes. */
  get(): T;
  /** Calls the listener after each change. Returns what ends that. */
  subscribe(listener: () => void): () => void;
}

// ---------------------------------------------------------------------------------------------
// Embedders
// ---------------------------------------------------------------------------------------------

/** One text, embedded. */
export interface Embedding {
  /** Length: the embedder's `dimensions`. */
  readonly vector: Float32Array<ArrayBuffer>;
  /** True when the text was longer than the model reads, so its end is not in the vector. */
  readonly truncated: boolean;
}

/** How texts are to be embedded. */
export interface EmbedOptions {
  /** A query overtakes documents that wait. */
  readonly purpose: 'query' | 'document';
  readonly signal?: AbortSignal | undefined;
}

/** How far a model is loaded. */
export type EmbedderStatus =
  | { readonly state: 'idle' }
  | {
      readonly state: 'loading';
      /** Bytes received so far. */
      readonly loadedBytes: number;
      /** Bytes in all, or `null` while unknown. */
      readonly totalBytes: number | null;
    }
  | { readonly state: 'ready' }
  | { readonly state: 'error'; readonly error: VectorIndexError };

/** Turns text into vectors. Bring your own, or use one that ships with Akin. */
export interface Embedder {
  /**
   * Names the vector space: model, precision, pooling. Two embedders with one id must give the
   * same vectors, because an index refuses vectors of another id.
   */
  readonly id: string;
  /** Numbers in each vector. */
  readonly dimensions: number;
  /** One embedding per text, in order. Rejects with `embed-failed` or `aborted`. */
  embed(texts: readonly string[], options: EmbedOptions): Promise<readonly Embedding[]>;
  /**
   * Loads the model ahead of the first text. Aborting cancels the load; calling it again retries. Rejects
   * with `embed-failed`, `unsupported`, `csp`, `closed` or `aborted`.
   */
  load?(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Load state. Absent for embedders that have nothing to load. */
  readonly status?: Readable<EmbedderStatus>;
  /** Frees the model. The next `embed` loads it again. */
  close?(): void;
}

// ---------------------------------------------------------------------------------------------
// Documents and results
// ---------------------------------------------------------------------------------------------

/**
 * What goes in. It replaces the document of the same id: metadata left out is gone. Only with
 * neither `text` nor `vector`, which a new document cannot do without, are those kept and just
 * the metadata given replaced. A text that is stored already keeps its vector.
 */
export interface VectorDocument<M extends Metadata = Metadata> {
  readonly id: DocumentId;
  /** Embedded by the index's embedder unless `vector` is given; stored and returned by searches. */
  readonly text?: string | undefined;
  /** Length: the index's `dimensions`. Copied, so the caller may reuse it. */
  readonly vector?: Float32Array | undefined;
  readonly metadata?: M | undefined;
  /** Default `'default'`. Searches see one namespace. */
  readonly namespace?: string | undefined;
}

/** What is stored. */
export interface StoredDocument<M extends Metadata = Metadata> {
  readonly id: DocumentId;
  readonly namespace: string;
  readonly text: string | undefined;
  readonly metadata: M;
  /** The end of the text was not read by the embedder. */
  readonly truncated: boolean;
  /** Milliseconds since the epoch, when the document was first inserted. */
  readonly createdAt: number;
  /** Milliseconds since the epoch, when text, vector or metadata last changed. */
  readonly updatedAt: number;
  /** Only when asked for. */
  readonly vector?: Float32Array<ArrayBuffer>;
}

/** A document that a search found. */
export interface SearchHit<M extends Metadata = Metadata> extends StoredDocument<M> {
  /** Similarity to the query on the metric's scale, higher is better. */
  readonly score: number;
}

/** Text (embedded first), a vector, or "more like this document". */
export type SearchTarget =
  string | Float32Array | { readonly id: DocumentId; readonly namespace?: string | undefined };

/** What a search may find, and how it goes about it. */
export interface SearchParams<M extends Metadata = Metadata> {
  /** How many hits at most. Default 10. */
  readonly k?: number | undefined;
  /** Default `'default'`. */
  readonly namespace?: string | undefined;
  /**
   * Which documents may be found, by their metadata; `k` of them are, if there are as many. Default: all
   * of the namespace. The first search that asks for a field reads all documents once.
   */
  readonly filter?: Filter<M> | undefined;
  /**
   * Leaves out hits that score lower: a finite number, under cosine and l2 up to 1. The search goes
   * on until hits score lower or there are `k`, so a large `k` gives everything that is similar.
   * What "similar" scores depends on the model. Default: whatever they score.
   */
  readonly minScore?: number | undefined;
  /**
   * How much hits shall differ from one another, 0 to 1, so that near-copies give way to others:
   * maximal marginal relevance over the `4 k` most similar. 0.5 weighs similarity to the query and
   * to hits already chosen alike. Default 0: only similarity to the query counts. Hits are then in
   * the order in which they were chosen.
   */
  readonly diversity?: number | undefined;
  /**
   * Candidates the graph search keeps, 1 to 4096: more is slower and finds more. Default: the
   * index's.
   */
  readonly efSearch?: number | undefined;
  /** Compares with every vector instead of walking the graph: misses nothing, slower. Default false. */
  readonly exact?: boolean | undefined;
  /** Whether the result says how it was found, as `explain`. Default false. */
  readonly explain?: boolean | undefined;
}

/** How a search was answered: to tune an index, and to see why a search took as long as it did. */
export interface SearchExplanation {
  /**
   * `scan`: the query was compared with every vector that might be found, so that none is missed.
   * `walk`: the graph led to the nearest, which may miss some.
   */
  readonly plan: 'scan' | 'walk';
  /** Distances that were computed for it, those of `diversity` included. */
  readonly evaluations: number;
  /**
   * Candidates that the walk kept at first: the search's own `efSearch`, or the index's. More are kept
   * where `k` is larger (with `diversity`, `4 k`), and as long as `minScore` brings more. `null` for a scan.
   */
  readonly efSearch: number | null;
  /** Documents that could be found, as in the result. */
  readonly searched: number;
  /** Vectors of all namespaces that the graph did not hold yet. A walk compares those one by one. */
  readonly unindexed: number;
  /** Removed vectors that the graph still holds. They take a walk time, and are never found. */
  readonly tombstones: number;
  /**
   * It was done without the engine, in JavaScript, by comparing every vector: see `IndexStatus.degraded`.
   * An index of `@akin/react/testing` has no other way.
   */
  readonly degraded: boolean;
  /** How often the index was asked: more than once where documents changed while their rows were read. */
  readonly attempts: number;
  /** Milliseconds of `took.searchMs` that went into finding vectors, as exactly as the browser's clock tells. */
  readonly findMs: number;
  /** Milliseconds of `took.searchMs` that went into reading the rows of the hits. */
  readonly readMs: number;
}

/** What a search found. */
export interface SearchResult<M extends Metadata = Metadata> {
  /** Best first; with `diversity` in the order in which they were chosen. */
  readonly hits: readonly SearchHit<M>[];
  /** How many documents the search could see: those of the namespace that the filter lets through. */
  readonly searched: number;
  /** The index revision that was searched. */
  readonly revision: number;
  /**
   * Milliseconds: `embedMs` for turning text into a vector, 0 for other targets and nearly so for a text
   * asked shortly before; `searchMs` in the worker.
   */
  readonly took: { readonly embedMs: number; readonly searchMs: number };
  /** Only when asked for. */
  readonly explain?: SearchExplanation;
}

/** How far an insert is. */
export interface InsertProgress {
  /** Documents that are stored and can be found. Never goes down within one insert. */
  readonly done: number;
  /** Documents in all; of those with one id only the last counts. */
  readonly total: number;
}

/** How to follow an insert, and how to stop it. */
export interface InsertOptions {
  /** Stops after the batch in flight. What was acknowledged stays. */
  readonly signal?: AbortSignal | undefined;
  /** After every acknowledged batch. */
  readonly onProgress?: ((progress: InsertProgress) => void) | undefined;
}

/** What became of the documents that were inserted. */
export interface InsertResult {
  /** Documents that were not there before. */
  readonly inserted: number;
  /** Documents that were there and were written anew. */
  readonly updated: number;
  /** Same text and metadata as stored: nothing embedded, nothing written. */
  readonly unchanged: number;
  /** Documents whose text was longer than the model reads. */
  readonly truncated: readonly DocumentId[];
}

/**
 * Which documents to remove: by id or ids, in the namespace `'default'` unless another is named, or all of a
 * namespace.
 */
export type RemoveSelector =
  | DocumentId
  | readonly DocumentId[]
  | {
      readonly ids: readonly DocumentId[];
      readonly namespace?: string | undefined;
    }
  /** Everything in a namespace. */
  | { readonly namespace: string; readonly ids?: never };

/** Which documents to count. */
export interface CountParams<M extends Metadata = Metadata> {
  /** Default `'default'`. */
  readonly namespace?: string | undefined;
  /** Default: all of the namespace. */
  readonly filter?: Filter<M> | undefined;
}

/** Which documents to list. */
export interface ListParams<M extends Metadata = Metadata> extends CountParams<M> {
  /** Default 100. */
  readonly limit?: number | undefined;
  /** Ids after this one, in id order. Default: from the first. */
  readonly after?: DocumentId | undefined;
}

/** A part of an index whose documents no search of another part sees. */
export interface NamespaceInfo {
  readonly namespace: string;
  readonly documentCount: number;
  /**
   * About what its rows take: texts by their UTF-16 units, vectors as f32, no metadata, nothing of the
   * graph. `null` unless asked for.
   */
  readonly bytes: number | null;
}

/** A document, by its names. */
export interface DocumentReference {
  readonly namespace: string;
  readonly id: DocumentId;
}

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

// ---------------------------------------------------------------------------------------------
// The index
// ---------------------------------------------------------------------------------------------

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

/**
 * Settings of the graph. They are not stored: an index that is opened with another `m` or `efConstruction`
 * than its graph was built with builds it anew.
 */
export interface HnswOptions {
  /** Links per node, 2 to 64: more find more and take more memory. Default 16. */
  readonly m?: number | undefined;
  /** Candidates while building, 1 to 4096: more find more and build slower. Default 100. */
  readonly efConstruction?: number | undefined;
  /** Candidates while searching, 1 to 4096: more find more and search slower. Default 64. */
  readonly efSearch?: number | undefined;
}

/**
 * When an insert or a removal counts as stored.
 *
 * - `strict`: once the browser says that it is on the disk
 * - `relaxed`: once the operating system has it. Faster for small inserts where the disk is slow. A
 *   tab, a worker or a browser that is killed loses nothing; a power cut or a crash of the operating system may take the
 *   last acknowledged operations with it, newest first, so that nothing is missing in between.
 */
export type Durability = 'strict' | 'relaxed';

/**
 * What opens an encrypted index: a passphrase of its user, or a key that the app keeps. The key must be
 * for AES-GCM with 256 bits, usable to encrypt and decrypt; it need not be extractable.
 */
export type IndexEncryption =
  | { readonly passphrase: string; readonly key?: undefined }
  | { readonly key: CryptoKey; readonly passphrase?: undefined };

/** How to open an index, and what to make it of if there is none of its name. */
export interface VectorIndexOptions {
  /** Names the database. One index per name and origin. */
  readonly name: string;
  /** Needed to insert or search text. */
  readonly embedder?: Embedder | undefined;
  /** Default: the embedder's. Needed without an embedder. */
  readonly dimensions?: number | undefined;
  /** Default `cosine`. Fixed when the index is created. */
  readonly metric?: Metric | undefined;
  readonly hnsw?: HnswOptions | undefined;
  /** Default `indexeddb`. */
  readonly storage?: 'indexeddb' | 'memory' | undefined;
  /** Default `strict`. `purge` and what maintains the index are strict with either. */
  readonly durability?: Durability | undefined;
  /**
   * Encrypts what is stored: texts, ids, metadata, vectors and snapshots. Fixed when the index is made:
   * later it opens with nothing else (`wrong-key`, `key-required`, `not-encrypted`). Who forgets the
   * passphrase has lost the index. In memory, and for scripts of the page, nothing is encrypted.
   */
  readonly encryption?: IndexEncryption | undefined;
  /** Where the engine's WASM is, if the bundler cannot find it. */
  readonly wasmUrl?: string | URL | undefined;
  /**
   * The engine's WASM, compiled by the app, for apps that cannot serve it as a file. It is sent to the
   * worker, and no file is loaded. A function is called each time a worker opens the index, so never on
   * a server. Wins over `wasmUrl`. `@akin/react/inline` has one, and a `createWorker` to go with it.
   */
  readonly wasmModule?:
    | WebAssembly.Module
    | Promise<WebAssembly.Module>
    | (() => WebAssembly.Module | Promise<WebAssembly.Module>)
    | undefined;
  /** Starts the index worker, if the bundler cannot find it. Called again when a worker was lost. */
  readonly createWorker?: (() => Worker) | undefined;
}

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
   * is in the way: `unsupported`, `csp`, `wasm-load`, `worker-load`, `storage-unavailable`, `blocked`,
   * `upgrade-required`, `embedder-mismatch`, `dimension-mismatch`, `wrong-key`, `key-required`, `not-encrypted`.
   */
  ready(): Promise<void>;
  /**
   * Inserts, or replaces documents of the same id. Resolves when all of it is stored. When it rejects, batches
   * that `onProgress` told of are stored. Rejects also with `quota-exceeded` and `embed-failed`.
   */
  insert(
    documents: VectorDocument<M> | readonly VectorDocument<M>[],
    options?: InsertOptions,
  ): Promise<InsertResult>;
  /** The documents most similar to the target. Rejects also with `embed-failed`. */
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
