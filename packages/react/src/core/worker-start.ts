import { VectorIndexError, closedError } from './errors.ts';
import { VIOLATION_MS, policyError, watchViolations } from './policy.ts';
import type { Clock } from './ports.ts';

/** The wait for a new worker's first word, and the reason if it never comes. */
export interface WorkerStart {
  /** Resolves once the worker listens. */
  readonly hello: Promise<void>;
  readonly isSettled: boolean;
  succeeded(): void;
  /** The worker's `error` event, which says next to nothing. */
  failed(event: { readonly message?: string | undefined }): void;
  wrongVersion(): void;
  cancel(): void;
}

/**
 * To be called before the worker is made, so that nothing about it is missed.
 *
 * @param whyNotLoaded asked about a script that ended without a word; the end of a sentence
 */
export function startWorker(
  clock: Clock,
  timeoutMs: number,
  whyNotLoaded: () => Promise<string | undefined>,
): WorkerStart {
  let isSettled = false;
  let settle: (error: VectorIndexError | null) => void = () => undefined;
  const stopWatching = watchViolations(['worker-src', 'child-src', 'script-src']);
  const hello = new Promise<void>((resolve, reject) => {
    settle = (error) => {
      if (isSettled) return;
      isSettled = true;
      cancelTimer();
      stopWatching();
      if (error) reject(error);
      else resolve();
    };
  });
  // Whoever waits gets it; a start that was cancelled may have nobody waiting.
  hello.catch(() => undefined);
  const cancelTimer = clock.after(timeoutMs, () =>
    settle(
      new VectorIndexError(
        'timeout',
        'The index worker did not start in time.',
        'Check the network and try again.',
      ),
    ),
  );
  const explain = async (message: string | undefined) => {
    const refused = stopWatching();
    if (refused) return blockedByPolicy(refused);
    // A script that ran and threw has a message.
    return message ? threwAtOnce(message) : notLoaded(await whyNotLoaded().catch(() => undefined));
  };

  return {
    hello,
    get isSettled() {
      return isSettled;
    },
    succeeded: () => settle(null),
    failed: ({ message }) => {
      // The report of a violation is a task of its own, and may come second.
      clock.after(VIOLATION_MS, () => void explain(message).then(settle));
    },
    wrongVersion: () =>
      settle(
        new VectorIndexError(
          'worker-load',
          'The index worker is of another version than the page.',
          'Reload the page without its cache.',
        ),
      ),
    cancel: () => settle(closedError()),
  };
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

/** As on a server. */
export function noWorkers(cause?: unknown): VectorIndexError {
  return new VectorIndexError(
    'unsupported',
    'There are no web workers here.',
    'Use the index in a browser; on a server, render without results.',
    cause,
  );
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
