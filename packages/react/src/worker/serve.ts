import { errorToWire, VectorIndexError } from '../core/errors.ts';
import { PROTOCOL_VERSION, parsePageMessage } from '../core/protocol.ts';
import type { CallMessage, WorkerMessage } from '../core/protocol.ts';
import { engineError } from './engine-errors.ts';
import type { Service, ServiceEvents } from './service.ts';

/** The worker's end of the line: its global scope, or a `MessagePort`. */
export interface ServePort {
  postMessage(message: WorkerMessage): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

/** Answers calls. Searches and other reads run at once; the service queues writes. */
export function serve(port: ServePort, createService: (events: ServiceEvents) => Service): void {
  const calls = new Map<number, { isCancelled: boolean }>();
  const fail = (error: unknown, id = 0) =>
    port.postMessage({ type: 'fatal', id, error: fatalError(error) });
  const service = createService({
    figures: (figures) => port.postMessage({ type: 'figures', figures }),
    lost: (error) => port.postMessage({ type: 'lost', error: errorToWire(error) }),
    fatal: (error) => fail(error),
  });

  const answer = async (call: CallMessage) => {
    const { id } = call;
    const context = { isCancelled: false };
    calls.set(id, context);
    try {
      const value = await service.handle(call, context);
      port.postMessage({ type: 'reply', id, value });
    } catch (error) {
      const known = engineError(error);
      if (known) port.postMessage({ type: 'failure', id, error: errorToWire(known) });
      else fail(error, id);
    } finally {
      calls.delete(id);
    }
  };

  port.addEventListener('message', ({ data }) => {
    const message = parsePageMessage(data);
    if (message?.type === 'call') void answer(message);
    else if (message) {
      const call = calls.get(message.id);
      if (call) call.isCancelled = true;
    }
  });
  port.postMessage({ type: 'hello', version: PROTOCOL_VERSION });
}

function fatalError(cause: unknown) {
  return errorToWire(
    new VectorIndexError(
      'worker-lost',
      'The engine stopped in the middle of its work.',
      'It restarts by itself; try again.',
      cause,
    ),
  );
}
