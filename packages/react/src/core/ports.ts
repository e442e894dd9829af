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

/** 128 random bits. `crypto.randomUUID` is missing on pages served over plain HTTP. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
