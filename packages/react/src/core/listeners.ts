import { systemClock } from './ports.ts';

/** Who is told when something changed. */
export interface Listeners<A extends unknown[]> {
  readonly size: number;
  /** Returns what takes it away. The same function may be added twice. */
  add(listener: (...news: A) => void): () => void;
  tell(...news: A): void;
}

/** @param start what runs while there are listeners. Returns what stops it */
export function createListeners<A extends unknown[] = []>(
  clock = systemClock,
  start?: () => (() => void) | undefined,
): Listeners<A> {
  const listeners = new Set<(...news: A) => void>();
  let stop: (() => void) | undefined;
  return {
    get size() {
      return listeners.size;
    },
    add(listener) {
      const own: typeof listener = (...news) => listener(...news);
      if (listeners.size === 0) stop = start?.();
      listeners.add(own);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) stop?.();
      };
    },
    tell(...news) {
      for (const listener of [...listeners]) {
        try {
          listener(...news);
        } catch (error) {
          // The page's to hear of: neither the others nor who tells can do anything about it.
          clock.after(0, () => {
            throw error;
          });
        }
      }
    },
  };
}
