import { isVectorIndexError } from './errors.ts';
import type { VectorIndexError } from './errors.ts';
import { createListeners } from './listeners.ts';
import type { Clock } from './ports.ts';

/** One call, after it settled. Texts and vectors are in it as they were given: keep of it what may be kept. */
export interface IndexCall {
  readonly kind: 'search' | 'insert' | 'remove' | 'purge' | 'optimize' | 'verify' | 'repair';
  /** Its first argument, which nobody has checked. */
  readonly given: unknown;
  /** `null` where it failed. */
  readonly result: unknown;
  /** Milliseconds since the epoch, when it was made. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly error: VectorIndexError | null;
  /** The caller's own, which tells whose call it was. */
  readonly signal: AbortSignal | undefined;
}

export type CallListener = (call: IndexCall) => void;

export interface CallFeed {
  /** Returns what unsubscribes. */
  subscribe(listener: CallListener): () => void;
  /** Runs, and tells of it once it has settled: nothing more than a comparison while nobody listens. */
  watch<T>(
    kind: IndexCall['kind'],
    given: unknown,
    run: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
}

export function createCallFeed(clock: Clock): CallFeed {
  const listeners = createListeners<[IndexCall]>(clock);

  return {
    subscribe: (listener) => listeners.add(listener),
    async watch(kind, given, run, signal) {
      if (listeners.size === 0) return run();
      const startedAt = clock.wallTime();
      const before = clock.now();
      const settled = (result: unknown, error: VectorIndexError | null) => {
        const durationMs = clock.now() - before;
        listeners.tell({ kind, given, result, startedAt, durationMs, error, signal });
      };
      try {
        const result = await run();
        settled(result, null);
        return result;
      } catch (error) {
        // Anything else is a mistake in Akin, which its caller hears of.
        if (isVectorIndexError(error)) settled(null, error);
        throw error;
      }
    },
  };
}
