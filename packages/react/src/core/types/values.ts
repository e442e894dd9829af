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
