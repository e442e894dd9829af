import type { Clock } from '../../src/core/ports.ts';

export interface FakeClock extends Clock {
  /** Lets time pass, and what was due in it happen. */
  advance(ms: number): Promise<void>;
  /** A laptop sleeps: afterwards what was due happens, once. */
  sleep(ms: number): Promise<void>;
}

export function createFakeClock(): FakeClock {
  let time = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    now: () => time,
    wallTime: () => 1_000_000 + time,
    after(delayMs, run) {
      const timer = { at: time + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      for (;;) {
        await settle();
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        time = next.at;
        next.run();
      }
      time = end;
      await settle();
    },
    async sleep(ms) {
      time += ms;
      for (const timer of [...timers].filter(({ at }) => at <= time)) {
        timers.delete(timer);
        timer.run();
      }
      await settle();
    },
  };
}
