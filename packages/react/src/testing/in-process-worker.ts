import { systemClock, systemLocks } from '../core/ports.ts';
import { serve } from '../worker/serve.ts';
import { createService } from '../worker/service.ts';
import type { ServicePorts } from '../worker/service.ts';

type Listener = (event: unknown) => void;

/** The real ones: a test that moves the time does not hold up the worker. */
const { setTimeout: later, clearTimeout: never } = globalThis;

/**
 * The index worker's real code behind a port in this thread, where there are no workers or none are
 * wanted. Messages are copied and arrive later, as between threads.
 */
export function createInProcessWorker(
  ports: Pick<ServicePorts, 'startEngine' | 'createDriver'>,
): Worker {
  const toPage = new Map<string, Set<Listener>>();
  const toWorker = new Set<(event: { data: unknown }) => void>();
  const timers = new Set<ReturnType<typeof later>>();
  let isGone = false;

  const soon = (run: () => void) => {
    if (isGone) return;
    const timer = later(() => {
      timers.delete(timer);
      run();
    }, 0);
    timers.add(timer);
  };
  const worker = {
    addEventListener(type: string, listener: Listener) {
      toPage.set(type, (toPage.get(type) ?? new Set()).add(listener));
    },
    postMessage(message: unknown) {
      const data = structuredClone(message);
      soon(() => toWorker.forEach((listener) => listener({ data })));
    },
    terminate() {
      isGone = true;
      timers.forEach((timer) => never(timer));
    },
  };
  soon(() =>
    serve(
      {
        postMessage(message) {
          const data = structuredClone(message);
          soon(() => toPage.get('message')?.forEach((listener) => listener({ data })));
        },
        addEventListener: (_, listener) => toWorker.add(listener),
      },
      (events) =>
        createService(
          {
            clock: systemClock,
            locks: systemLocks,
            defer: soon,
            createChannel: () => null,
            ...ports,
          },
          events,
        ),
    ),
  );
  return worker as unknown as Worker;
}
