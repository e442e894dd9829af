import type { Clock, Lifecycle } from './ports.ts';

/** How long a tab may go without hearing of others, should every hint be lost. */
const EVERY_MS = 30_000;
/** Showing, focusing and thawing a page come together. */
const THROTTLE_MS = 1_000;

export interface Following {
  stop(): void;
}

/**
 * Asks the worker to read what other tabs wrote, whenever the page may have missed a hint: when it
 * is shown, focused, thawed or comes back from the back-forward cache, and now and then.
 */
export function createFollowing(clock: Clock, lifecycle: Lifecycle, follow: () => void): Following {
  let lastAt = -Infinity;
  let cancelTimer: (() => void) | null = null;

  const ask = () => {
    if (clock.now() - lastAt < THROTTLE_MS) return;
    lastAt = clock.now();
    follow();
  };
  const schedule = () => {
    cancelTimer = clock.after(EVERY_MS, () => {
      if (lifecycle.isShown()) ask();
      schedule();
    });
  };
  const unsubscribe = lifecycle.onWake(ask);
  schedule();

  return {
    stop() {
      unsubscribe();
      cancelTimer?.();
    },
  };
}
