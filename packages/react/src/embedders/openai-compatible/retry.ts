import { VectorIndexError, abortedError } from '../../core/errors.ts';
import { TryFailure, networkFailure, timeoutFailure } from './failure.ts';

export interface RetryOptions {
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** Longer than this nobody waits in front of a screen: better to say so. */
const longestAskedWaitMs = 120_000;

/**
 * Tries, with waits that double between the tries, or as long as the server asked. Rejects with a
 * `VectorIndexError`, at once when the signal is aborted.
 */
export async function retrying<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { maxRetries, timeoutMs, signal }: RetryOptions,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    const failure = await tryOnce(attempt, timeoutMs, signal);
    if (!(failure instanceof TryFailure)) return failure.value;
    const waitMs = failure.waitMs ?? backOffMs(tries);
    if (!failure.again || tries >= maxRetries || waitMs > longestAskedWaitMs) throw failure.error;
    await wait(waitMs, signal);
  }
}

async function tryOnce<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<TryFailure | { readonly value: T }> {
  if (isAborted(signal)) throw cancelled();
  const stop = new AbortController();
  const forward = () => stop.abort();
  signal?.addEventListener('abort', forward);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, timeoutMs);
  try {
    // A race: what the app gave (the key's function) need not listen to the signal.
    return { value: await Promise.race([attempt(stop.signal), aborted(stop.signal)]) };
  } catch (thrown) {
    if (isAborted(signal)) throw cancelled();
    if (late) return timeoutFailure(timeoutMs);
    if (thrown instanceof TryFailure) return thrown;
    if (thrown instanceof VectorIndexError) throw thrown;
    return networkFailure();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}

/** A signal's state changes between two looks at it, which the compiler cannot know. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}

/** With a random half, so that many pages do not come back at the same moment. */
function backOffMs(tries: number): number {
  const full = Math.min(longestWaitMs, firstWaitMs * 2 ** tries);
  return full / 2 + (Math.random() * full) / 2;
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function cancelled(): VectorIndexError {
  return abortedError('The embedding was cancelled.');
}
