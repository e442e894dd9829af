/** Runs tasks one after another. */
export interface SerialQueue {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Ahead of all that `run` was given, behind the one under way and those that came here before. */
  runNext<T>(task: () => Promise<T>): Promise<T>;
}

export function createSerialQueue(): SerialQueue {
  const waiting: (() => Promise<void>)[] = [];
  const urgent: typeof waiting = [];
  let isRunning = false;

  const drain = async () => {
    if (isRunning) return;
    isRunning = true;
    for (;;) {
      const task = urgent.shift() ?? waiting.shift();
      if (!task) break;
      await task();
    }
    isRunning = false;
  };
  const add = <T>(queue: typeof waiting, task: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      queue.push(() => {
        try {
          return task().then(resolve, reject);
        } catch (error) {
          // Before it returned a promise. Those behind it shall not wait for ever.
          reject(error instanceof Error ? error : new Error(String(error)));
          return Promise.resolve();
        }
      });
      void drain();
    });

  return {
    run: (task) => add(waiting, task),
    runNext: (task) => add(urgent, task),
  };
}
