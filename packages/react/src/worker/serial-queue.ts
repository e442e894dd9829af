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
      waiting[place](() => task().then(resolve, reject));
      void drain();
    });

  return {
    run: (task) => add('push', task),
    runNext: (task) => add('unshift', task),
  };
}
