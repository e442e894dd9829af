import { useInsert } from '@akin/react';
import { useEffect, useState } from 'react';
import type { Passage, PassageMetadata } from './passage.ts';
import { createProgressEstimate, type ProgressEstimate } from './progress-estimate.ts';

/**
 * Inserts the passages while `isRunning`. Those that are stored already cost nothing, so stopping,
 * reloading and starting again goes on where it stopped.
 */
export function useCorpusIndexing(passages: readonly Passage[], isRunning: boolean) {
  const { mutate, isSuccess, error } = useInsert<PassageMetadata>();
  const [estimate] = useState(createProgressEstimate);
  const [progress, setProgress] = useState<ProgressEstimate | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (!isRunning) return undefined;
    const stop = new AbortController();
    mutate({
      documents: passages,
      signal: stop.signal,
      onProgress: (done) => {
        if (!stop.signal.aborted) setProgress(estimate.add(done, performance.now()));
      },
    });
    return () => {
      stop.abort();
      estimate.pause();
    };
  }, [passages, isRunning, attempt, mutate, estimate]);

  return {
    progress,
    isDone: isSuccess,
    error: error?.code === 'aborted' ? null : error,
    retry: () => setAttempt(attempt + 1),
  };
}
