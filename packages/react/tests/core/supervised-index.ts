import type { Engine } from '@akin/engine/slim';
import { createClient } from '../../src/core/client.ts';
import type { ClientPorts } from '../../src/core/client.ts';
import type { Embedder } from '../../src/core/index.ts';
import type { Markers } from '../../src/core/ports.ts';
import { DEFAULT_TIMING } from '../../src/core/supervisor-timing.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import type { ServicePorts } from '../../src/worker/service.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeLifecycle, createFakeMarkers } from './fake-ports.ts';
import { createInProcessWorker } from './in-process-worker.ts';
import type { InProcessWorker } from './in-process-worker.ts';
import { startNodeEngine } from './node-engine.ts';

/** The real service and engine, rows that outlive the worker, and time that the test moves. */
export function setUp({
  driver = createMemoryDriver(),
  hello = () => true,
  startEngine = startNodeEngine,
  markers = createFakeMarkers(),
  createDriver = () => driver,
  wasm = () => '',
  embedder,
}: {
  driver?: StorageDriver;
  createDriver?: ServicePorts['createDriver'];
  hello?: () => boolean;
  startEngine?: typeof startNodeEngine;
  markers?: Markers;
  wasm?: ClientPorts['wasm'];
  embedder?: Embedder;
} = {}) {
  const clock = createFakeClock();
  const lifecycle = createFakeLifecycle();
  const workers: InProcessWorker[] = [];
  const index = createClient(
    { name: 'supervised', dimensions: 2, ...(embedder ? { embedder } : {}) },
    {
      clock,
      lifecycle,
      markers,
      spawn() {
        const worker = createInProcessWorker(startEngine, createDriver, { hello: hello() });
        workers.push(worker);
        return worker;
      },
      wasm,
      timing: DEFAULT_TIMING,
    },
  );
  return { clock, workers, index, driver, lifecycle, markers };
}

export const document = (id: string) => ({ id, vector: Float32Array.of(1, id.length) });

/** The real engine, whose searches trap as long as that is asked for. */
export async function startTrappingEngine(onSearch: () => boolean): Promise<Engine> {
  const engine = await startNodeEngine();
  return {
    ...engine,
    createIndex(options) {
      return new Proxy(engine.createIndex(options), {
        get(target, key) {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== 'function') return value;
          if (key === 'search' && onSearch()) {
            return () => {
              throw new WebAssembly.RuntimeError('unreachable');
            };
          }
          return value.bind(target) as unknown;
        },
      });
    },
  };
}

/** A driver that can be held inside a transaction's commit, and told to fail. */
export function createObedientDriver() {
  const driver = createMemoryDriver();
  const orders = {
    hold: null as Promise<void> | null,
    failure: null as Error | null,
    commits: 0,
  };
  const obedient: StorageDriver = {
    ...driver,
    async transaction(mode, tables, body) {
      if (mode === 'readwrite' && orders.failure) throw orders.failure;
      if (mode === 'readonly') return driver.transaction(mode, tables, body);
      const result = await driver.transaction(mode, tables, body);
      orders.commits++;
      if (orders.hold) await orders.hold;
      return result;
    },
  };
  return { driver: obedient, orders };
}
