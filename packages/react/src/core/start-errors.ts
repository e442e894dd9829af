import { VectorIndexError } from './errors.ts';
import { noWorkers } from './no-workers.ts';
import { policyError, sourceOf } from './policy.ts';

/**
 * Why a worker fired `error` instead of saying hello.
 *
 * @param refused the address that a policy refused meanwhile
 * @param message of the event: a script that ran and threw has one
 * @param why the script may not have loaded; the end of a sentence
 */
export function startError(
  refused: string | null,
  message: string | undefined,
  why: string | undefined,
): VectorIndexError {
  if (refused !== null) return blockedByPolicy(sourceOf(refused));
  return message ? threwAtOnce(message) : notLoaded(why);
}

/** What a failing `new Worker()` means. */
export function spawnError(error: unknown): VectorIndexError {
  if (typeof Worker === 'undefined') {
    return noWorkers(error);
  }
  if (!(error instanceof Error)) return notLoaded(undefined, error);
  if (/trusted ?(script|type)/i.test(error.message)) {
    return policyError(
      'asks for Trusted Types, and the address of the index worker is a string',
      'Pass `createWorker`, which gives `new Worker` a TrustedScriptURL.',
      error,
    );
  }
  if (error.name !== 'SecurityError') return notLoaded(undefined, error);
  // A policy may be the reason as well, but not with these words of Chromium and Firefox.
  return /from origin|may not load/i.test(error.message)
    ? notLoaded('is on another origin than the page, which browsers do not allow', error)
    : blockedByPolicy("'self'", error);
}

function blockedByPolicy(source: string, cause?: unknown): VectorIndexError {
  const sources = source === 'blob:' ? "'self' blob:" : source;
  return policyError(
    'of the page does not allow the index worker',
    `Allow it with \`worker-src ${sources}\`.`,
    cause,
  );
}

function threwAtOnce(message: string): VectorIndexError {
  return new VectorIndexError(
    'worker-load',
    `The script of the index worker failed at once (${message}).`,
    'See whether a bundler changed it, or use `@akin/react/inline`.',
  );
}

/** @param what ends the sentence "The script of the index worker …", if that is known */
function notLoaded(what = 'did not load', cause?: unknown): VectorIndexError {
  return new VectorIndexError(
    'worker-load',
    `The script of the index worker ${what}.`,
    'See that dist/worker/entry.js is served as JavaScript where the page is, or use `@akin/react/inline`.',
    cause,
  );
}
