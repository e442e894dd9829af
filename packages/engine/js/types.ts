/** What the API takes and gives. */

/**
 * How vectors are compared. Every score is a similarity: higher is better.
 *
 * - `cosine`: the cosine of the angle, from -1 to 1. Vectors need not be normalised; one of zeros
 *   is refused.
 * - `dot`: the inner product, unbounded. For vectors whose length means something.
 * - `l2`: `1 / (1 + d)` for the Euclidean distance `d`, above 0 and up to 1.
 *
 * Under `dot` and `l2` components beyond ±1e15 are refused.
 */
export type Metric = 'cosine' | 'dot' | 'l2';

/** Settings of a new index. */
export interface IndexOptions {
  /** Numbers in a vector, 1 to 4096. */
  dimensions: number;
  /** How vectors are compared. Default `cosine`. */
  metric?: Metric | undefined;
  /** Links of a node, 2 to 64: more find more and take more memory. Default 16. */
  m?: number | undefined;
  /** Nodes kept while inserting, 1 to 4096: more find more and build slower. Default 128. */
  efConstruction?: number | undefined;
  /** Nodes kept while searching, 1 to 4096: more find more and search slower. Default 64. */
  efSearch?: number | undefined;
  /** Live vectors below which no graph is built and every search is exact. Default 10000. */
  exactBelow?: number | undefined;
  /** Decides the levels of the graph, a whole number from 0. Default 0. */
  seed?: number | undefined;
  /** Vectors to allocate for at once, from 0. More can be added all the same. Default 0. */
  capacity?: number | undefined;
}

/** What to search for. */
export interface SearchOptions {
  /** How many results, from 0. Fewer come back only where fewer match. */
  k: number;
  /** Nodes kept while searching, 1 to 4096. Default: that of the index. */
  efSearch?: number | undefined;
  /** Compare with every vector, whatever it costs. Default false. */
  exact?: boolean | undefined;
  /**
   * Slots that may be results, one bit each: slot `s` is bit `s & 31` of word `s >> 5`. Slots
   * beyond its end do not match, so `Math.ceil(index.slotCount / 32)` words are enough for all.
   */
  filter?: Uint32Array | undefined;
}

/** Results of a search, best first. Ties are in the order of slots. */
export interface SearchResult {
  /** The slots found. */
  slots: Uint32Array;
  /** Their similarities, as {@link Metric} describes them. */
  scores: Float32Array;
}

/** How much of some background work to do. */
export interface StepOptions {
  /**
   * About how many distances to compute, from 1; a step always gets something done. 10,000 take
   * one to two milliseconds. Default: to the end.
   */
  maxWork?: number | undefined;
}

/** What a step of background work left. */
export interface StepResult {
  /** Whether nothing is left to do. */
  done: boolean;
}

/** A chunk of a snapshot, still in the index. */
export interface SnapshotChunk {
  /**
   * Under which to store it. It names the content: chunks with the same key have the same bytes,
   * so that one is written once and never overwritten.
   */
  readonly key: string;
  /** Its length. */
  readonly bytes: number;
  /**
   * Copies it out of the index, which may have been searched since, and changed elsewhere.
   *
   * @throws EngineError `outdated` when the index has changed in this place since
   * `snapshotChanges`: take them again; `out-of-memory`, `closed`
   */
  read(): Uint8Array<ArrayBuffer>;
}

/** A snapshot of this moment, next to an earlier one. */
export interface SnapshotChanges {
  /** What the snapshot consists of, checksums included. To be stored after its chunks. */
  readonly manifest: Uint8Array<ArrayBuffer>;
  /** The keys of all its chunks, in the order in which they are opened. */
  readonly keys: readonly string[];
  /** Those of its chunks that the earlier snapshot did not have. */
  readonly chunks: readonly SnapshotChunk[];
}

/** A snapshot whose chunks are stored each on its own. */
export interface ChunkedSnapshot {
  /** What `snapshotChanges` gave. */
  manifest: Uint8Array;
  /** The chunks in the order of its keys, or what gives one by its key. */
  chunks: readonly Uint8Array[] | ((key: string) => Uint8Array | undefined);
}

/** A snapshot being opened. Made by `engine.beginOpen`. */
export interface IndexOpening {
  /** The keys of all chunks, in the order in which they are wanted. */
  readonly keys: readonly string[];
  /** The key of the chunk that is wanted next; `undefined` when all are there. */
  readonly next: string | undefined;
  /**
   * Copies and checks the chunk that is wanted next. When it is refused, another copy of it may be
   * put instead.
   *
   * @throws EngineError `corrupt`, `invalid-input`, `out-of-memory` or `closed`
   */
  put(chunk: Uint8Array): void;
  /**
   * Gives the index, once all chunks are there. Ends the opening, also when it throws.
   *
   * @throws EngineError `corrupt`, `out-of-memory` or `closed`
   */
  finish(): Index;
  /** Gives the memory of an opening back that is not finished; otherwise does nothing. */
  free(): void;
}

/**
 * A vector index. Made by `engine.createIndex` and `engine.openIndex`.
 *
 * Vectors are known by their slots: whole numbers from 0 that stay the same while the vector
 * lives. The slot of a removed vector may be given to one added later.
 */
export interface Index {
  /** Numbers in a vector. */
  readonly dimensions: number;
  /** How vectors are compared. */
  readonly metric: Metric;
  /** Live vectors. */
  readonly size: number;
  /** The highest slot ever used, plus one: how many bits a filter for all takes. */
  readonly slotCount: number;
  /** Live vectors that wait for `buildStep`. Searches see them all the same, by comparing each. */
  readonly pending: number;
  /** Removed vectors that wait for `compact`. They cost memory and time, never a result. */
  readonly tombstones: number;
  /** Bytes of WASM memory that this index has allocated. */
  readonly memoryBytes: number;
  /** Distances computed since the index was created or opened: the unit of `maxWork`. */
  readonly evaluations: number;
  /**
   * Adds vectors, `n × dimensions` numbers one vector after the other, and returns their slots in
   * the same order. All are added or, when it throws, none. They can be found at once.
   *
   * @throws EngineError `dimension-mismatch`, `invalid-input` or `out-of-memory`
   */
  add(vectors: Float32Array): Uint32Array;
  /**
   * Finds the vectors most similar to `query`, `dimensions` numbers: always `min(k, matches)` of
   * them, best first, among everything added and not removed.
   *
   * @throws EngineError `dimension-mismatch`, `invalid-input` or `out-of-memory`
   */
  search(query: Float32Array, options: SearchOptions): SearchResult;
  /**
   * Links pending vectors into the graph, and says whether it is complete. Searches are right at
   * any time; they get faster as the graph grows. However the work is divided into steps, the
   * index becomes the same. Below `exactBelow` vectors there is nothing to do.
   *
   * @throws EngineError `invalid-input` or `out-of-memory`
   */
  buildStep(options?: StepOptions): StepResult;
  /**
   * Takes removed vectors out of the graph and frees their slots, and says whether it is done. No
   * live vector changes its slot. Between steps everything else goes on; vectors removed then
   * wait for the next compaction.
   *
   * @throws EngineError `invalid-input` or `out-of-memory`
   */
  compact(options?: StepOptions): StepResult;
  /**
   * Removes the vectors of some slots, and returns how many there were. Slots that hold none, no
   * longer or not yet, are passed over.
   *
   * @throws EngineError `invalid-input` for what is no list of whole numbers from 0; nothing was
   * removed then
   */
  remove(slots: ArrayLike<number>): number;
  /**
   * The vector of a slot as the index keeps it, or `undefined` where there is none: rounded to
   * eight bits a component, and of unit length under cosine.
   *
   * @throws EngineError `invalid-input`
   */
  vector(slot: number): Float32Array | undefined;
  /**
   * The whole index as bytes, checksums included, for `engine.openIndex`. What follows on the
   * opened index gives the same results and the same bytes as on this one.
   *
   * @throws EngineError `out-of-memory`
   */
  snapshot(): Uint8Array;
  /**
   * The same in chunks of up to about 1 MiB, of which only those are named to be stored that an
   * earlier snapshot does not have. Together they hold what `snapshot()` holds, byte for byte:
   * `engine.openIndex` and `engine.beginOpen` take them.
   *
   * @param since the manifest of the earlier snapshot. Default: there is none, so all chunks.
   * @throws EngineError `invalid-input`, `corrupt` or `upgrade-required` for a manifest that is
   * none or none of this format, `out-of-memory`
   */
  snapshotChanges(since?: Uint8Array): SnapshotChanges;
  /** Gives the memory back. Every later call fails with `closed`; freeing again does nothing. */
  free(): void;
}
