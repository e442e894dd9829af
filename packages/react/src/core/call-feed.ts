import { isVectorIndexError } from './errors.ts';
import type { VectorIndexError } from './errors.ts';
import type { Clock } from './ports.ts';
import type { DocumentId, InsertResult, SearchResult } from './types.ts';

/** What was asked of an index: ids and counts, never a text, a vector or metadata. */
export type CallSubject =
  | {
      readonly kind: 'search';
      readonly target: 'text' | 'vector' | 'document';
      /** `null` where it failed, as below. */
      readonly found: number | null;
      readonly searched: number | null;
      readonly took: SearchResult['took'] | null;
    }
  | {
      readonly kind: 'insert';
      readonly documentCount: number;
      /** The first few. */
      readonly ids: readonly DocumentId[];
      readonly result: InsertResult | null;
    }
  | {
      readonly kind: 'remove' | 'purge';
      /** The first few; `null` for a whole namespace. */
      readonly ids: readonly DocumentId[] | null;
      readonly namespace: string | null;
      readonly removed: number | null;
    }
  | { readonly kind: 'optimize' | 'verify' | 'repair' };

/** One call, after it settled. */
export type IndexCall = CallSubject & {
  /** Milliseconds since the epoch, when it was made. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly error: VectorIndexError | null;
  /** The caller's own, which tells whose call it was. */
  readonly signal: AbortSignal | undefined;
};

export type CallListener = (call: IndexCall) => void;

export interface CallFeed {
  /** Returns what unsubscribes. */
  subscribe(listener: CallListener): () => void;
  /**
   * Runs, and tells of it once it has settled: nothing more than a comparison while nobody listens.
   *
   * @param subjectOf told the result, or `null` after a failure; also for arguments that are no good
   */
  watch<T>(
    subjectOf: (result: T | null) => CallSubject,
    run: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
}

export function createCallFeed(clock: Clock): CallFeed {
  const listeners = new Set<CallListener>();

  const tell = (call: IndexCall) => {
    for (const listener of [...listeners]) {
      try {
        listener(call);
      } catch (error) {
        // The page's to hear of, and not the caller's, whose call went well.
        clock.after(0, () => {
          throw error;
        });
      }
    }
  };

  return {
    subscribe(listener) {
      const own: CallListener = (call) => listener(call);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    async watch<T>(
      subjectOf: (result: T | null) => CallSubject,
      run: () => Promise<T>,
      signal?: AbortSignal,
    ) {
      if (listeners.size === 0) return run();
      const startedAt = clock.wallTime();
      const before = clock.now();
      const settled = (result: T | null, error: VectorIndexError | null) =>
        tell({ ...subjectOf(result), startedAt, durationMs: clock.now() - before, error, signal });
      let result: T;
      try {
        result = await run();
      } catch (error) {
        // Anything else is a mistake in Akin, which its caller hears of.
        if (isVectorIndexError(error)) settled(null, error);
        throw error;
      }
      settled(result, null);
      return result;
    },
  };
}
