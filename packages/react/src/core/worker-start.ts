import { VectorIndexError, closedError } from './errors.ts';
import type { Clock } from './ports.ts';

/** How long a policy violation may come after the error that it caused. */
const VIOLATION_MS = 100;

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

export function startWorker(clock: Clock, timeoutMs: number): WorkerStart {
  let isSettled = false;
  let settle: (error: VectorIndexError | null) => void = () => undefined;
  const stopWatching = watchViolations();
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

  return {
    hello,
    get isSettled() {
      return isSettled;
    },
    succeeded: () => settle(null),
    failed: ({ message }) => {
      // The report of a violation is a task of its own, and may come second.
      clock.after(VIOLATION_MS, () =>
        settle(stopWatching() ? blockedByPolicy() : notLoaded(message)),
      );
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
    return new VectorIndexError(
      'unsupported',
      'There are no web workers here.',
      'Use the index in a browser; on a server, render without results.',
      error,
    );
  }
  return error instanceof Error && error.name === 'SecurityError'
    ? blockedByPolicy(error)
    : notLoaded(undefined, error);
}

/** Returns what stops watching and answers whether the page's policy refused a worker. */
function watchViolations(): () => boolean {
  let isBlocked = false;
  if (typeof document === 'undefined') return () => isBlocked;
  const note = ({ effectiveDirective }: SecurityPolicyViolationEvent) => {
    isBlocked ||= /^(worker|child|script)-src/.test(effectiveDirective);
  };
  document.addEventListener('securitypolicyviolation', note);
  return () => {
    document.removeEventListener('securitypolicyviolation', note);
    return isBlocked;
  };
}

function blockedByPolicy(cause?: unknown): VectorIndexError {
  return new VectorIndexError(
    'csp',
    'The Content Security Policy of the page does not allow the index worker.',
    "Allow it with `worker-src 'self'`.",
    cause,
  );
}

function notLoaded(message: string | undefined, cause?: unknown): VectorIndexError {
  return new VectorIndexError(
    'worker-load',
    `The script of the index worker did not load or failed at once${message ? ` (${message})` : ''}.`,
    'See that dist/worker/entry.js is served as JavaScript, or pass `createWorker`.',
    cause,
  );
}
