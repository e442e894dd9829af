import type { Clock } from '../core/ports.ts';

/** How long one slice may keep a search waiting. */
const SLICE_MS = 6;
/** How long calls may keep the graph waiting. */
const PATIENCE_MS = 250;
const RECHECK_MS = 4;
const FIRST_WORK = 20_000;
const LEAST_WORK = 500;
const MOST_WORK = 4_000_000;

/** Work without anybody waiting for it, in slices between calls. */
export interface Background {
  /** There may be work. */
  wake(): void;
  stop(): void;
}

export interface BackgroundPorts {
  readonly clock: Clock;
  /** Runs later, after messages that have come. */
  readonly defer: (run: () => void) => void;
  readonly isBusy: () => boolean;
  /** What no work may meet half done: see the driver's `writing`. */
  readonly writing: () => Promise<unknown> | null | undefined;
  /** Does about that many distances; whether nothing is left. */
  readonly work: (maxWork: number) => boolean;
  readonly onSlice: (isDone: boolean) => void;
}

export function createBackground(ports: BackgroundPorts): Background {
  const { clock } = ports;
  let isAwake = false;
  let isStopped = false;
  let maxWork = FIRST_WORK;
  let lastAt = clock.now();

  const slice = () => {
    if (isStopped) return;
    const startedAt = clock.now();
    if (ports.isBusy() && startedAt - lastAt < PATIENCE_MS) {
      clock.after(RECHECK_MS, slice);
      return;
    }
    const writing = ports.writing();
    if (writing) {
      void writing.then(slice);
      return;
    }
    const isDone = ports.work(maxWork);
    lastAt = clock.now();
    maxWork = nextWork(maxWork, lastAt - startedAt);
    isAwake = !isDone;
    ports.onSlice(isDone);
    if (isAwake) ports.defer(slice);
  };

  return {
    wake() {
      if (isAwake || isStopped) return;
      isAwake = true;
      ports.defer(slice);
    },
    stop() {
      isStopped = true;
    },
  };
}

/** Towards slices of the wanted length, at most twice or half of the last. */
export function nextWork(work: number, tookMs: number): number {
  const factor = Math.min(2, Math.max(0.5, SLICE_MS / Math.max(tookMs, 0.1)));
  return Math.round(Math.min(MOST_WORK, Math.max(LEAST_WORK, work * factor)));
}
