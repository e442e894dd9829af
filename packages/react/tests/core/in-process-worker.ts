import { createInProcessWorker as createWorker } from '../../src/testing/in-process-worker.ts';
import type { ServicePorts } from '../../src/worker/service.ts';

export interface InProcessWorker extends Worker {
  /** As the browser takes one: nobody is told. */
  vanish(): void;
  /** Everything the page sent. */
  readonly received: unknown[];
}

/** A worker in this thread, so that a test can bring its own storage driver and watch the line. */
export function createInProcessWorker(
  startEngine: ServicePorts['startEngine'],
  createDriver: ServicePorts['createDriver'],
  { hello = true }: { hello?: boolean } = {},
): InProcessWorker {
  const worker = createWorker({ startEngine, createDriver });
  const received: unknown[] = [];
  const listen = worker.addEventListener.bind(worker) as (
    type: string,
    listener: (event: MessageEvent<{ type?: string }>) => void,
  ) => void;
  const post = worker.postMessage.bind(worker);
  return Object.assign(worker, {
    received,
    vanish: () => worker.terminate(),
    addEventListener(type: string, listener: (event: MessageEvent<{ type?: string }>) => void) {
      listen(type, (event) => {
        if (hello || event.data.type !== 'hello') listener(event);
      });
    },
    postMessage(message: unknown) {
      received.push(structuredClone(message));
      post(message);
    },
  });
}
