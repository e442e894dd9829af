/** What the API takes and gives. */
import type { EngineError } from './engine-error.ts';
import type { Port } from './port.ts';

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
  /** Nodes kept while inserting, 1 to 4096: more find more and build slower. Default 100. */
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
  /**
   * How many results, from 0. Fewer come back only where fewer match. With `minScore` it may be as
   * large as the index: `k: index.size` asks for everything that scores enough.
   */
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
  /**
   * Only results that score at least this: a finite number, under cosine and l2 up to 1. Default:
   * whatever they score. There is no default because there is no good one:
   * what "similar" scores depends on the model.
   *
   * Where every match is compared (`exact`, below `exactBelow`, few matches), all that score enough
   * are found. In the graph the search widens, twice as many nodes each time, until half of the
   * nodes it kept score less or there are `k` results: it does not stop at `efSearch`, and finds
   * them as surely as it finds the nearest.
   *
   * Compared is the score that is returned, which is as exact as eight bits a component. A vector
   * scores near 1 with itself, under cosine above 0.999 unless a few components outweigh hundreds
   * of others, under l2 above 0.98 at unit length; ask for that, not for 1.
   */
  minScore?: number | undefined;
  /**
   * How much results shall differ from one another, 0 to 1. Default 0: only similarity to the query
   * counts. 0.5 weighs both alike; at 1 the query decides only which is the first, and which are
   * candidates.
   *
   * This is maximal marginal relevance (Carbonell and Goldstein, 1998) with λ = 1 - `diversity`,
   * over the `fetchK` most similar: the most similar is chosen first, then always the one with the
   * greatest `(1 - diversity) · score - diversity · likeness`, where likeness is the greatest
   * similarity to one already chosen. Under cosine and l2 both are scores; under dot the score is
   * divided by the largest of a candidate, and likeness is a cosine. Results are in the order in
   * which they were chosen, with their similarity to the query as scores. At most 4,096 can be
   * chosen, for about `k · fetchK` distances.
   */
  diversity?: number | undefined;
  /**
   * Candidates among which `diversity` chooses, 1 to 4096; at least `k` are. Default `4 k`, at
   * most 4096. Without `diversity` it does nothing.
   */
  fetchK?: number | undefined;
}

/**
 * How a search was answered: `scan` compared every match, so that the results are exact for the
 * stored codes; `walk` went through the graph.
 */
export type SearchPlan = 'scan' | 'walk';

/**
 * Results of a search, best first; with `diversity` in the order in which they were chosen. Equal
 * distances are in the order of slots; unequal ones may round to the same score.
 */
export interface SearchResult {
  /** The slots found. */
  slots: Uint32Array;
  /** Their similarities to the query, as {@link Metric} describes them. */
  scores: Float32Array;
  /** Distances computed for it. */
  evaluations: number;
  /** How it was answered. */
  plan: SearchPlan;
}

/**
 * Results of several searches: those of query `i` are in `slots` and `scores` from `offsets[i]` up
 * to `offsets[i + 1]`, in the order of a {@link SearchResult}.
 */
export interface SearchManyResult {
  /** Where the results of each query begin, and at last how many there are: one more than queries. */
  offsets: Uint32Array;
  /** The slots found, of all queries. */
  slots: Uint32Array;
  /** Their similarities, each to its query. */
  scores: Float32Array;
  /** Distances computed for each query. */
  evaluations: Uint32Array;
}

/** An index in numbers: for tuning, and for those who want to see inside. */
export interface Statistics {
  /** Live vectors. */
  size: number;
  /** The highest slot ever used, plus one. */
  slotCount: number;
  /** Live vectors that wait for `buildStep`. */
  pending: number;
  /** Removed vectors that wait for `compact`. */
  tombstones: number;
  /**
   * Nodes of the graph, tombstones included, on each level, lowest first. A node of level 2 is on
   * levels 0, 1 and 2. Empty without a graph.
   */
  levels: number[];
  /** The level where searches start; `undefined` without a graph. */
  entryLevel: number | undefined;
  /** Links of a node on level 0, on average; at most `2 m`. 0 without a graph. */
  meanLinks: number;
  /** The settings of the index, see {@link IndexOptions}. */
  m: number;
  efConstruction: number;
  efSearch: number;
  exactBelow: number;
  /** Bytes of WASM memory that this index has allocated: the sum of those in `memory`. */
  memoryBytes: number;
  memory: {
    /** Codes, and links of level 0. */
    recordsBytes: number;
    /** Links above level 0. */
    upperLinksBytes: number;
    /** Which slots are live, pending, free, in the graph, or affected by a compaction. */
    bitmapsBytes: number;
    /** What searches write to: which nodes were met, which slots match a filter. */
    scratchBytes: number;
  };
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

/** How to build on two workers. */
export interface BuildTogetherOptions {
  /**
   * About how many distances to compute between messages, from 1. The graph does not depend on it.
   * Default 20,000, which take two to four milliseconds.
   */
  maxWork?: number | undefined;
  /** How long to wait for an answer of the mirror before going on alone. Default 10,000. */
  timeoutMs?: number | undefined;
  /** Aborts the build: the promise is rejected with `aborted`, what was linked stays linked. */
  signal?: AbortSignal | undefined;
  /** Called after each slice, with how many vectors are pending. */
  onProgress?: ((pending: number) => void) | undefined;
}

/** How a build on two workers went. */
export interface BuildTogetherResult {
  /** Rounds in which the mirror helped; 0 where the graph is small. */
  rounds: number;
  /** Why the mirror was lost before the graph was complete, if it was. */
  lost: EngineError | undefined;
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
   * Does the same search for several queries, `n × dimensions` numbers one query after the other,
   * in one call: the results are those of `search` for each. About 64 KB of queries and of results
   * are in WASM memory at a time, however many there are.
   *
   * @throws EngineError `dimension-mismatch`, `invalid-input` (which names the query's number) or
   * `out-of-memory`
   */
  searchMany(queries: Float32Array, options: SearchOptions): SearchManyResult;
  /**
   * Counts what there is. Reads the links of every node, which takes some milliseconds where there
   * are 100,000.
   */
  statistics(): Statistics;
  /**
   * Links pending vectors into the graph, and says whether it is complete. Searches are right at
   * any time; they get faster as the graph grows. However the work is divided into steps, the
   * index becomes the same, if nothing is added or removed in between. Below `exactBelow` vectors there is nothing to do.
   *
   * @throws EngineError `invalid-input` or `out-of-memory`
   */
  buildStep(options?: StepOptions): StepResult;
  /**
   * Links all pending vectors into the graph with the help of a mirror, a second worker in which
   * `engine.serveMirror` was called: in up to a third less time, on two cores that are free.
   * The mirror links some of them into a copy of the graph, and this index takes over what that
   * changed. Works in slices between which messages are handled, so that everything else goes on;
   * vectors that are added meanwhile are linked too.
   *
   * The same calls give the same graph, whichever worker is faster. It is not the graph that
   * `buildStep` builds, but finds as much. When the mirror is lost, or `compact` is called, the
   * build goes on alone and nothing is missing; what the graph is then depends on when.
   *
   * @param port the mirror's end: the `Worker`, or a `MessagePort`
   * @throws EngineError (the promise is rejected) `aborted`, `invalid-input`, `out-of-memory` or
   * `closed`
   */
  buildTogether(port: Port, options?: BuildTogetherOptions): Promise<BuildTogetherResult>;
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
   * opened index gives the same results as on this one, and the same bytes unless many vectors are
   * pending: those may be linked in another order.
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
