/** Runs tasks one after another. */
export interface SerialQueue {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Ahead of all that wait, behind the one under way. */
  runNext<T>(task: () => Promise<T>): Promise<T>;
}

export function createSerialQueue(): SerialQueue {
  const waiting: (() => Promise<void>)[] = [];
  let isRunning = false;

  const drain = async () => {
    if (isRunning) return;
    isRunning = true;
    for (let task = waiting.shift(); task; task = waiting.shift()) await task();
    isRunning = false;
  };
  const add = <T>(place: 'push' | 'unshift', task: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting[place](() => {
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
    run: (task) => add('push', task),
    runNext: (task) => add('unshift', task),
  };
}
