import type { Engine } from '@akin/engine/slim';
import { systemClock } from '../../../src/core/ports.ts';
import type { Locks } from '../../../src/core/ports.ts';
import type {
  CallKind,
  CallMessage,
  OpenPayload,
  Payload,
  Reply,
} from '../../../src/core/protocol.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createEncryptedDriver } from '../../../src/storage/encryption/encrypted-driver.ts';
import { createService } from '../../../src/worker/service.ts';
import type { CallContext, ServicePorts } from '../../../src/worker/service.ts';
import { DIMENSIONS } from './workload.ts';

export const description: OpenPayload = {
  name: 'simulated',
  storage: 'indexeddb',
  durability: 'strict',
  dimensions: DIMENSIONS,
  metric: 'l2',
  embedderId: 'e',
  hnsw: {},
  wasm: '',
  isDegraded: false,
  wasStored: false,
  encryption: null,
};

/** The same, encrypted with one key for all tabs. */
export const encryptedDescription: OpenPayload = {
  ...description,
  encryption: {
    key: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
  },
};

/** A disk as the index on it is read and written. */
export function readable(disk: StorageDriver, { name, encryption }: OpenPayload): StorageDriver {
  return encryption ? createEncryptedDriver(disk, name, encryption) : disk;
}

/** The index worker of one tab, asked directly. */
export interface Tab {
  call<K extends CallKind>(kind: K, payload: Payload<K>, context?: CallContext): Promise<Reply<K>>;
}

export function createTab(
  engine: Engine,
  driver: StorageDriver,
  ports: Partial<Pick<ServicePorts, 'clock' | 'locks' | 'defer'>> = {},
): Tab {
  const service = createService(
    {
      clock: systemClock,
      locks: createLocks(),
      defer: (run) => void setTimeout(run, 0),
      ...ports,
      createDriver: () => driver,
      startEngine: () => Promise.resolve(engine),
      createChannel: () => null,
    },
    {
      figures: () => undefined,
      lost: () => undefined,
      fatal(error) {
        throw error;
      },
    },
  );
  return {
    call: (kind, payload, context = { isCancelled: false }) =>
      service.handle(
        { type: 'call', id: 1, kind, payload } as CallMessage,
        context,
      ) as Promise<never>,
  };
}

export async function openTab(
  engine: Engine,
  driver: StorageDriver,
  payload: OpenPayload = description,
): Promise<Tab> {
  const tab = createTab(engine, driver);
  await tab.call('open', payload);
  return tab;
}

/** Web Locks of one origin. */
export function createLocks(): Locks {
  const held = new Map<string, Promise<void>>();
  const hold = async (name: string, run: () => Promise<void>) => {
    const work = run();
    const done = work.then(
      () => undefined,
      () => undefined,
    );
    held.set(name, done);
    await done;
    if (held.get(name) === done) held.delete(name);
    return work;
  };
  return {
    async runIfFree(name, run) {
      if (held.has(name)) return false;
      await hold(name, run);
      return true;
    },
    async run(name, run) {
      while (held.has(name)) await held.get(name);
      await hold(name, run);
    },
  };
}
