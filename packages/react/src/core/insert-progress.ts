import type { InsertProgress } from './types.ts';

/** Inserts under way as one figure, which does not fall until the last of them ends. */
export interface InsertTally {
  begin(total: number): { advance(count: number): InsertProgress; end(): void };
}

export function createInsertTally(onChange: (sum: InsertProgress | null) => void): InsertTally {
  let running = 0;
  let done = 0;
  let total = 0;
  const tell = () => onChange(running === 0 ? null : { done, total });

  return {
    begin(ownTotal) {
      let ownDone = 0;
      running++;
      total += ownTotal;
      tell();
      return {
        advance(count) {
          ownDone += count;
          done += count;
          tell();
          return { done: ownDone, total: ownTotal };
        },
        end() {
          // What a failed or cancelled insert did not reach is not to come any more.
          total -= ownTotal - ownDone;
          if (--running === 0) done = total = 0;
          tell();
        },
      };
    },
  };
}
