/** Time and chance, as the rest of Akin sees them. Tests bring their own. */

export interface Clock {
  /** Milliseconds, only ever rising. */
  now(): number;
  /** Milliseconds since the epoch. */
  wallTime(): number;
  /** Returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    // A pending grace period must not keep a server process alive.
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer);
  },
};

/**
 * A timer that counts only time in which the page runs: what is due when a laptop wakes up is one step of
 * it, and no more. Returns what cancels it.
 */
export function afterRunning(
  clock: Clock,
  stepMs: number,
  delayMs: number,
  run: () => void,
): () => void {
  let leftMs = delayMs;
  let cancel: () => void;
  const step = () => {
    cancel = clock.after(Math.min(stepMs, leftMs), () => {
      leftMs -= stepMs;
      if (leftMs > 0) step();
      else run();
    });
  };
  step();
  return () => cancel();
}

/** What only one tab does at a time. */
export interface Locks {
  /** Runs unless somebody holds the name, in whatever tab, and answers whether it did. */
  runIfFree(name: string, run: () => Promise<void>): Promise<boolean>;
  /** Waits for whoever holds the name. */
  run(name: string, run: () => Promise<void>): Promise<void>;
}

/** Where there are no Web Locks, or a page may not use them, whoever comes runs. */
export const systemLocks: Locks = {
  async runIfFree(name, run) {
    let isTaken = false;
    await withLock(name, { ifAvailable: true }, async (lock) => {
      isTaken = lock === null;
      if (!isTaken) await run();
    });
    return !isTaken;
  },
  run: (name, run) => withLock(name, {}, run),
};

async function withLock(
  name: string,
  options: LockOptions,
  run: (lock?: Lock | null) => Promise<void>,
): Promise<void> {
  // Absent outside secure contexts, and in Node.
  const { navigator } = globalThis as { navigator?: { locks?: LockManager } };
  if (!navigator?.locks) return run();
  let isAnswered = false;
  try {
    await navigator.locks.request(name, options, (lock) => {
      isAnswered = true;
      return run(lock);
    });
  } catch (error) {
    // Where its user forbids sites to save data, Chromium refuses locks as well.
    if (isAnswered) throw error;
    await run();
  }
}

/** When a page sleeps and wakes. */
export interface Lifecycle {
  isShown(): boolean;
  /** Shown, focused, thawed, or back from the back-forward cache. Returns what unsubscribes. */
  onWake(listener: () => void): () => void;
}

export const systemLifecycle: Lifecycle = {
  isShown: () => typeof document === 'undefined' || document.visibilityState === 'visible',
  onWake(listener) {
    if (typeof document === 'undefined') return () => undefined;
    const ended = new AbortController();
    const hear = (target: EventTarget, type: string, run: () => void) =>
      target.addEventListener(type, run, ended);
    hear(document, 'visibilitychange', () => document.visibilityState === 'visible' && listener());
    // Chromium's event for a page that was frozen.
    hear(document, 'resume', listener);
    hear(window, 'focus', listener);
    hear(window, 'pageshow', listener);
    return () => ended.abort();
  },
};

/** What is remembered of an index outside its database, to notice that the database is gone. */
export interface Markers {
  get(indexName: string): string | null;
  set(indexName: string, mark: string): void;
  delete(indexName: string): void;
}

/** In `localStorage`, which may be missing, full or forbidden: then nothing is noticed. */
export const systemMarkers: Markers = {
  get: (name) => attempt((storage) => storage.getItem(markerKey(name))),
  set(name, mark) {
    attempt((storage) => storage.setItem(markerKey(name), mark));
  },
  delete(name) {
    attempt((storage) => storage.removeItem(markerKey(name)));
  },
};

function markerKey(indexName: string): string {
  return `akin/${indexName}/birth`;
}

function attempt<T>(run: (storage: Storage) => T): T | null {
  try {
    return run(localStorage);
  } catch {
    return null;
  }
}

/** 128 random bits. `crypto.randomUUID` is missing on pages served over plain HTTP. */
export function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
