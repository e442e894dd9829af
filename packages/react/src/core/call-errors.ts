import { VectorIndexError, isVectorIndexError } from './errors.ts';
import type { CallKind } from './protocol.ts';

/** What a call is rejected with that the worker did not answer. */

export function overdue(kind: CallKind, isWrite: boolean): VectorIndexError {
  return new VectorIndexError(
    'timeout',
    `The index did not answer (${kind}).`,
    isWrite ? 'Do it again: what was stored already is not stored twice.' : 'Try again.',
  );
}

export function noModule(): VectorIndexError {
  return new VectorIndexError(
    'timeout',
    "The engine's WebAssembly module did not come in time.",
    'See that the promise given as `wasmModule` settles.',
  );
}

export function poisonous(cause: unknown): VectorIndexError {
  return new VectorIndexError(
    'worker-lost',
    'This write stopped the index worker twice, so it is not tried again.',
    'It may have been stored: look with get(). Please report what it was.',
    cause,
  );
}

export function uncloneable(cause: unknown): VectorIndexError {
  return new VectorIndexError(
    'invalid-input',
    'A document holds something that cannot be stored.',
    'Keep to values that structuredClone() copies: no functions, no DOM nodes.',
    cause,
  );
}

export function asError(error: unknown): VectorIndexError {
  return isVectorIndexError(error)
    ? error
    : new VectorIndexError('worker-load', 'The index worker could not start.', 'Try again.', error);
}
