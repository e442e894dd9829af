/**
 * What went wrong. Stable across releases: safe to branch on.
 *
 * - `unsupported`: there is no WebAssembly SIMD, no worker or no WebCrypto here. Offer something else
 * - `csp`: a Content Security Policy forbids it. The hint names the directive
 * - `wasm-load`, `worker-load`: a file did not come as it should. After a deployment, reload the page
 * - `worker-lost`, `timeout`: a worker, a server or another tab did not answer. Ask again: what is stored
 *   already is not stored twice
 * - `invalid-input`: what was given, or the place where a hook was called, is a mistake in the code
 * - `dimension-mismatch`: so is a vector of another length than the index or the model has
 * - `embedder-mismatch`: the index was made with another model. Use that one, another name, or `destroy()`
 * - `embed-failed`, `out-of-memory`: a model, its server or the memory failed. Ask again, and see the cause
 * - `quota-exceeded`: there is no room. What was stored stays
 * - `storage-unavailable`: the database cannot be used just now. Nothing was deleted
 * - `storage-lost`: the database was deleted. `ready()` begins an empty one
 * - `upgrade-required`: a newer version of the app wrote the index. Reload the page
 * - `blocked`: a tab with an older version of the app holds the database. Close or reload it
 * - `corrupt`: stored bytes are damaged. `repair()` takes out what cannot be read
 * - `wrong-key`, `key-required`, `not-encrypted`: the index does not open with the `encryption` that was
 *   given, or needs one, or has none. See docs/encryption.md
 * - `degraded`: there is no graph to store while the engine is done without, or `purge()` left traces
 * - `closed`: the index was closed or destroyed, or the embedder was closed
 * - `aborted`: somebody asked for that. Show nothing
 */
export type VectorIndexErrorCode =
  | 'unsupported'
  | 'csp'
  | 'wasm-load'
  | 'worker-load'
  | 'worker-lost'
  | 'timeout'
  | 'invalid-input'
  | 'dimension-mismatch'
  | 'embedder-mismatch'
  | 'embed-failed'
  | 'out-of-memory'
  | 'quota-exceeded'
  | 'storage-unavailable'
  | 'storage-lost'
  | 'upgrade-required'
  | 'blocked'
  | 'corrupt'
  | 'wrong-key'
  | 'key-required'
  | 'not-encrypted'
  | 'degraded'
  | 'closed'
  | 'aborted';

/** An error as it crosses `postMessage`, which drops classes and custom fields. */
export interface WireError {
  readonly code: VectorIndexErrorCode;
  readonly what: string;
  readonly hint: string;
  readonly cause?: string;
}

/**
 * The one error that Akin throws. `message` is {@link what} followed by {@link hint}; neither
 * ever holds a document's text or a key.
 */
export class VectorIndexError extends Error {
  override readonly name = 'VectorIndexError';
  readonly code: VectorIndexErrorCode;
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: what to do. */
  readonly hint: string;

  constructor(code: VectorIndexErrorCode, what: string, hint: string, cause?: unknown) {
    super(`${what} ${hint}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.what = what;
    this.hint = hint;
  }
}

/**
 * Whether a caught value is Akin's error, and of that code if one is given.
 *
 * @example
 * ```ts
 * import { isVectorIndexError, type VectorIndex } from '@akin/react';
 *
 * export async function save(index: VectorIndex, text: string) {
 *   try {
 *     await index.insert({ id: crypto.randomUUID(), text });
 *   } catch (error) {
 *     if (!isVectorIndexError(error, 'quota-exceeded')) throw error;
 *     alert(`${error.what} ${error.hint}`);
 *   }
 * }
 * ```
 */
export function isVectorIndexError(
  value: unknown,
  code?: VectorIndexErrorCode,
): value is VectorIndexError {
  return value instanceof VectorIndexError && (code === undefined || value.code === code);
}

export function errorToWire(error: VectorIndexError): WireError {
  const { cause } = error;
  return {
    code: error.code,
    what: error.what,
    hint: error.hint,
    ...(cause === undefined
      ? {}
      : { cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : typeof cause }),
  };
}

export function errorFromWire(wire: WireError): VectorIndexError {
  return new VectorIndexError(wire.code, wire.what, wire.hint, wire.cause);
}

/**
 * What an `AbortSignal` means to a caller, always as the same typed error.
 *
 * @example
 * ```ts
 * import { abortedError, type Embedder } from '@akin/react/core';
 *
 * export const ones: Embedder = {
 *   id: 'ones',
 *   dimensions: 3,
 *   async embed(texts, { signal }) {
 *     if (signal?.aborted) throw abortedError('The embedding was cancelled.');
 *     return texts.map(() => ({ vector: Float32Array.of(1, 1, 1), truncated: false }));
 *   },
 * };
 * ```
 */
export function abortedError(what = 'The operation was cancelled.'): VectorIndexError {
  return new VectorIndexError('aborted', what, 'Start it again if it is still needed.');
}

/**
 * What every call is told when the index closes under it.
 *
 * @example
 * ```ts
 * import { closedError, type VectorIndex } from '@akin/react/core';
 *
 * let current: VectorIndex | null = null;
 *
 * export function openIndex(): VectorIndex {
 *   if (current === null) throw closedError();
 *   return current;
 * }
 * ```
 */
export function closedError(): VectorIndexError {
  return new VectorIndexError('closed', 'The index was closed.', 'Open it again to go on.');
}

/** A caller's mistake. */
export function invalidInput(what: string, hint: string): VectorIndexError {
  return new VectorIndexError('invalid-input', what, hint);
}
