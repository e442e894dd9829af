'use client';

import { useEffect, useRef, useState } from 'react';
import { isVectorIndexError, type VectorIndexErrorCode } from '../core/errors.ts';
import { useDevtools } from './context.ts';
import { probeRecall, type ProbeReport } from './probe.ts';

export type ProbeState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly report: ProbeReport }
  | { readonly kind: 'failed'; readonly code: VectorIndexErrorCode };

export interface Probe {
  readonly state: ProbeState;
  /** Begins anew if one is under way. */
  readonly start: (namespace: string, count: number) => void;
  readonly stop: () => void;
}

/** One measurement at a time, given up when the component leaves or looks at another index. */
export function useProbe(): Probe {
  const { index, recorder } = useDevtools();
  const [state, setState] = useState<ProbeState>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);

  useEffect(
    () => () => {
      running.current?.abort();
      setState({ kind: 'idle' });
    },
    [index],
  );

  const run = async (namespace: string, count: number, { signal }: AbortController) => {
    const set = (next: ProbeState) => {
      if (!signal.aborted) setState(next);
    };
    const onProgress = (done: number, total: number) => set({ kind: 'running', done, total });
    onProgress(0, count);
    // They are none of the app's searches.
    recorder.ignore(signal);
    try {
      const report = await probeRecall(index, { namespace, count, signal, onProgress });
      set({ kind: 'done', report });
    } catch (error) {
      set({ kind: 'failed', code: isVectorIndexError(error) ? error.code : 'worker-lost' });
    }
  };

  return {
    state,
    start(namespace, count) {
      running.current?.abort();
      running.current = new AbortController();
      void run(namespace, count, running.current);
    },
    stop() {
      running.current?.abort();
      setState({ kind: 'idle' });
    },
  };
}
