import type { InsertProgress } from '@akin/react';

export interface ProgressEstimate extends InsertProgress {
  /** `null` until it is steady. */
  readonly perSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Long enough to even out batches, short enough to follow a machine that slows down. */
const windowMs = 12_000;
const steadyAfterMs = 3_000;

/** No model embeds this fast: documents that were stored before are being skipped. */
const skippingPerSecond = 500;

/**
 * Follows the progress of an insert. `done` never goes down, also when the insert is stopped and
 * started again.
 */
export function createProgressEstimate() {
  let samples: { readonly at: number; readonly done: number }[] = [];
  let highest = 0;

  return {
    /** The insert was stopped: the time until the next sample says nothing about its rate. */
    pause() {
      samples = [];
    },
    add({ done, total }: InsertProgress, at: number): ProgressEstimate {
      highest = Math.max(highest, done);
      const last = samples.at(-1);
      if (last !== undefined && done - last.done > ((at - last.at) / 1000) * skippingPerSecond) {
        samples = [];
      }
      samples.push({ at, done });
      while (samples[1] !== undefined && at - samples[1].at >= windowMs) samples.shift();

      const first = samples[0];
      const elapsedMs = first === undefined ? 0 : at - first.at;
      const perSecond =
        first !== undefined && elapsedMs >= steadyAfterMs && done > first.done
          ? ((done - first.done) / elapsedMs) * 1000
          : null;
      return {
        done: highest,
        total,
        perSecond,
        secondsLeft: perSecond === null ? null : Math.ceil((total - done) / perSecond),
      };
    },
  };
}
