import { createListeners } from './listeners.ts';
import type { Clock } from './ports.ts';
import { hasSimd } from './simd.ts';
import { createStorageMonitor } from './storage-monitor.ts';
import type { Readable, StorageStatus } from './types.ts';

/** What this browser can do, on this page. */
export interface Capabilities extends Pick<
  StorageStatus,
  'persisted' | 'usageBytes' | 'quotaBytes'
> {
  /** WebAssembly with SIMD, without which the engine does not start. */
  readonly simd: boolean;
  readonly workers: boolean;
  /** There is IndexedDB. Whether it may be used is told by opening an index: `status.storage.ephemeral`. */
  readonly indexedDB: boolean;
  /** Web Locks, without which tabs may do the same maintenance twice. Absent on plain HTTP. */
  readonly locks: boolean;
  /** What the browser says. Searching needs no network; some embedders do. */
  readonly online: boolean;
}

/** The browser's capabilities, which follow the network while somebody listens. */
export function createCapabilities(clock: Clock): Readable<Capabilities> {
  const { navigator } = globalThis as { navigator?: Partial<Navigator> };
  const isOnline = () => navigator?.onLine !== false;
  let current: Capabilities = {
    simd: hasSimd(),
    workers: typeof Worker !== 'undefined',
    indexedDB: typeof indexedDB !== 'undefined',
    locks: navigator?.locks !== undefined,
    online: isOnline(),
    persisted: null,
    usageBytes: null,
    quotaBytes: null,
  };

  const set = (change: Partial<Capabilities>) => {
    const fields = Object.keys(change) as (keyof Capabilities)[];
    if (fields.every((field) => Object.is(current[field], change[field]))) return;
    current = { ...current, ...change };
    listeners.tell();
  };
  const monitor = createStorageMonitor(clock, set);
  const onNetwork = () => set({ online: isOnline() });
  const listeners = createListeners(clock, () => {
    addEventListener('online', onNetwork);
    addEventListener('offline', onNetwork);
    onNetwork();
    monitor.refresh();
    return () => {
      removeEventListener('online', onNetwork);
      removeEventListener('offline', onNetwork);
      monitor.stop();
    };
  });

  return {
    get: () => current,
    subscribe: (listener) => listeners.add(listener),
  };
}
