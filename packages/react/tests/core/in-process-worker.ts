import { systemClock, systemLocks } from '../../src/core/ports.ts';
import { serve } from '../../src/worker/serve.ts';
import { createService } from '../../src/worker/service.ts';
import type { ServicePorts } from '../../src/worker/service.ts';

type Listener = (event: unknown) => void;

export interface InProcessWorker extends Worker {
  /** As the browser takes one: nobody is told. */
  vanish(): void;
  /** Everything the page sent. */
  readonly received: unknown[];
}

/**
 * The index worker's real code behind a port in this thread, so that a test can bring its own
 * storage driver. Messages are copied and arrive later, as between threads.
 */
export function createInProcessWorker(
  startEngine: ServicePorts['startEngine'],
  createDriver: ServicePorts['createDriver'],
  { hello = true }: { hello?: boolean } = {},
): InProcessWorker {
  const toPage = new Map<string, Set<Listener>>();
  const toWorker = new Set<(event: { data: unknown }) => void>();
  const received: unknown[] = [];
  let isGone = false;

  const deliver = (run: () => void) => setTimeout(() => !isGone && run(), 0);
  const worker = {
    received,
    addEventListener(type: string, listener: Listener) {
      toPage.set(type, (toPage.get(type) ?? new Set()).add(listener));
    },
    postMessage(message: unknown) {
      const data = structuredClone(message);
      received.push(data);
      deliver(() => toWorker.forEach((listener) => listener({ data })));
    },
    terminate() {
      isGone = true;
    },
    vanish() {
      isGone = true;
    },
  };
  setTimeout(() => {
    if (isGone) return;
    serve(
      {
        postMessage(message) {
          const data = structuredClone(message);
          if (!hello && message.type === 'hello') return;
          deliver(() => toPage.get('message')?.forEach((listener) => listener({ data })));
        },
        addEventListener: (_, listener) => toWorker.add(listener),
      },
      (events) =>
        createService(
          {
            clock: systemClock,
            locks: systemLocks,
            defer: (run) => deliver(run),
            createDriver,
            startEngine,
            createChannel: () => null,
          },
          events,
        ),
    );
  }, 0);
  return worker as unknown as InProcessWorker;
}
