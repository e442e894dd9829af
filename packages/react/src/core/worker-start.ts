import { VectorIndexError, closedError } from './errors.ts';
import type { SupervisorTiming } from './supervisor-timing.ts';
import { VIOLATION_MS, watchViolations } from './policy.ts';
import { afterRunning } from './ports.ts';
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
  { tickMs, helloMs }: SupervisorTiming,
  whyNotLoaded: () => Promise<string | undefined>,
): WorkerStart {
  let isSettled = false;
  let settle: (error: Error | null) => void = () => undefined;
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
  const cancelTimer = afterRunning(clock, tickMs, helloMs, () =>
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
    const why = (refused ?? message) ? undefined : await whyNotLoaded().catch(() => undefined);
    const { startError } = await startErrors();
    return startError(refused, message, why);
  };

  return {
    hello,
    get isSettled() {
      return isSettled;
    },
    succeeded: () => settle(null),
    failed: ({ message }) => {
      // The report of a violation is a task of its own, and may come second.
      clock.after(VIOLATION_MS, () => void explain(message).then(settle, settle));
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

/** Loaded when a worker does not start, which hardly any app has to. */
export const startErrors = () => import('./start-errors.ts');
