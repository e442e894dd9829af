'use client';

import { useEffect, useState } from 'react';
import type { InsertProgress, VectorIndex } from '../../core/types.ts';

/** Before this, a rate says more about the first batch than about the rest. */
const steadyAfterMs = 3_000;
/** The rate is that of the last stretch: the model is slower on longer texts. */
const windowMs = 15_000;
const refreshMs = 1_000;

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** Seconds until the insert under way is done, or `null` while that cannot be said honestly. */
export function useTimeLeft(index: VectorIndex): number | null {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);

  useEffect(() => {
    const samples: Sample[] = [];
    const read = () => {
      const { insert } = index.status.get();
      if (insert === null) samples.length = 0;
      else addSample(samples, { atMs: performance.now(), done: insert.done });
    };
    const show = () => {
      read();
      setSecondsLeft(estimate(samples, index.status.get().insert));
    };
    read();
    const unsubscribe = index.status.subscribe(read);
    const timer = setInterval(show, refreshMs);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, [index]);

  return secondsLeft;
}

function addSample(samples: Sample[], sample: Sample): void {
  const last = samples.at(-1);
  // Another insert joined or started: the old rate is about other work.
  if (last !== undefined && sample.done < last.done) samples.length = 0;
  samples.push(sample);
  while ((samples[0]?.atMs ?? 0) < sample.atMs - windowMs) samples.shift();
}

function estimate(samples: readonly Sample[], insert: InsertProgress | null): number | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (insert === null || first === undefined || last === undefined) return null;
  const elapsedMs = last.atMs - first.atMs;
  const done = last.done - first.done;
  if (elapsedMs < steadyAfterMs || done <= 0) return null;
  return Math.max(1, Math.round(((insert.total - insert.done) * elapsedMs) / done / 1000));
}
