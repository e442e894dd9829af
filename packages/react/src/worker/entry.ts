import { systemClock, systemLocks } from '../core/ports.ts';
import { createDexieDriver } from '../storage/dexie-driver.ts';
import { createMemoryDriver } from '../storage/memory-driver.ts';
import { createChannel } from './channel.ts';
import { startEngine } from './engine-start.ts';
import { serve } from './serve.ts';
import { createService } from './service.ts';

// A message to oneself is the shortest wait that lets other messages in first.
const { port1, port2 } = new MessageChannel();
const deferred: (() => void)[] = [];
port1.onmessage = () => deferred.shift()?.();

serve(self, (events) =>
  createService(
    {
      clock: systemClock,
      locks: systemLocks,
      defer(run) {
        deferred.push(run);
        port2.postMessage(null);
      },
      createDriver: ({ name, storage }) =>
        storage === 'memory' ? createMemoryDriver() : createDexieDriver(name),
      startEngine,
      createChannel,
    },
    events,
  ),
);
