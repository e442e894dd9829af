import type { Filter } from '../filter.ts';
import type { StoredDocument } from './documents.ts';
import type { DocumentId, Metadata } from './values.ts';

/** Text (embedded first), a vector, or "more like this document". */
export type SearchTarget =
  string | Float32Array | { readonly id: DocumentId; readonly namespace?: string | undefined };

/** A document that a search found. */
export interface SearchHit<M extends Metadata = Metadata> extends StoredDocument<M> {
  /** Similarity to the query on the metric's scale, higher is better. */
  readonly score: number;
}

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
