import type { VectorIndexError } from '../errors.ts';
import type { Readable } from './values.ts';

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

/**
 * Turns text into vectors. Bring your own, or use one that ships with Akin. Those reject with `embed-failed` for
 * what the model or its server says. Where a worker computes, loading may also fail with `unsupported`, `csp`,
 * `worker-load`, `wasm-load`, `out-of-memory`, `worker-lost`, `timeout` or `invalid-input`; over a network there are
 * `timeout` and `dimension-mismatch`. Any other error of yours arrives as `embed-failed`.
 */
export interface Embedder {
  /**
   * Names the vector space: model, precision, pooling. Two embedders with one id must give the
   * same vectors, because an index refuses vectors of another id.
   */
  readonly id: string;
  /** Numbers in each vector. */
  readonly dimensions: number;
  /** One embedding per text, in order. Rejects with `aborted` after its signal. */
  embed(texts: readonly string[], options: EmbedOptions): Promise<readonly Embedding[]>;
  /**
   * Loads the model ahead of the first text. Aborting cancels the load (`aborted`); calling it again retries.
   * Rejects with what keeps the model from loading, or `closed`.
   */
  load?(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Load state. Absent for embedders that have nothing to load. */
  readonly status?: Readable<EmbedderStatus>;
  /** Frees the model. The next `embed` loads it again. */
  close?(): void;
}
