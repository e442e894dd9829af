/**
 * The index worker with an engine that fails when it is told to: a trap, an endless loop or memory
 * that cannot grow, each inside WebAssembly, at the next call of the engine.
 */
import type { Engine, Index } from '@akin/engine/slim';
import { systemClock, systemLocks } from '../../src/core/ports.ts';
import { createDexieDriver } from '../../src/storage/dexie-driver.ts';
import { createChannel } from '../../src/worker/channel.ts';
import { startEngine } from '../../src/worker/engine-start.ts';
import { serve } from '../../src/worker/serve.ts';
import { createService } from '../../src/worker/service.ts';

export type Trap = 'unreachable' | 'loop' | 'out-of-memory';

/**
 * (module
 *   (memory 1 1)
 *   (func (export "unreachable") unreachable)
 *   (func (export "loop") (loop (br 0)))
 *   (func (export "out-of-memory")
 *     (drop (memory.grow (i32.const 1000)))
 *     (i32.store (i32.const 65536) (i32.const 0))))
 */
const FAILURES = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 4, 3, 0, 0, 0, 5, 4, 1, 1, 1, 1, 7, 38, 3, 11,
  117, 110, 114, 101, 97, 99, 104, 97, 98, 108, 101, 0, 0, 4, 108, 111, 111, 112, 0, 1, 13, 111,
  117, 116, 45, 111, 102, 45, 109, 101, 109, 111, 114, 121, 0, 2, 10, 31, 3, 3, 0, 0, 11, 7, 0, 3,
  64, 12, 0, 11, 11, 17, 0, 65, 232, 7, 64, 0, 26, 65, 128, 128, 4, 65, 0, 54, 2, 0, 11,
]);

let armed: Trap | null = null;

function fail(trap: Trap): void {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(FAILURES));
  (exports[trap] as () => void)();
}

function trapped(index: Index): Index {
  return new Proxy(index, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const trap = armed;
        armed = null;
        if (trap) fail(trap);
        return (value as (...given: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

self.addEventListener('message', ({ data }: MessageEvent<{ trap?: Trap } | null>) => {
  if (data?.trap) armed = data.trap;
});

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
      createDriver: ({ name }) => createDexieDriver(name),
      async startEngine(url) {
        const engine = await startEngine(url);
        return {
          ...engine,
          createIndex: (options) => trapped(engine.createIndex(options)),
        } satisfies Engine;
      },
      createChannel,
    },
    events,
  ),
);
