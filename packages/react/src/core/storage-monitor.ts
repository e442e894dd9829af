import type { Clock } from './ports.ts';
import type { StorageStatus } from './types.ts';

type Estimate = Pick<StorageStatus, 'persisted' | 'usageBytes' | 'quotaBytes'>;

/** What the browser says of the origin's storage. WebKitGTK says nothing, and so may others. */
export interface StorageMonitor {
  /** Asks again, at most every two seconds. */
  refresh(): void;
  persist(): Promise<boolean>;
  stop(): void;
}

const THROTTLE_MS = 2_000;

export function createStorageMonitor(
  clock: Clock,
  onEstimate: (estimate: Estimate) => void,
): StorageMonitor {
  let lastAt = -Infinity;
  let cancel: (() => void) | null = null;

  const ask = async () => {
    lastAt = clock.now();
    cancel = null;
    const storage = storageManager();
    if (!storage) return;
    const [persisted, estimate] = await Promise.allSettled([
      storage.persisted?.(),
      storage.estimate?.(),
    ]);
    const figures = estimate.status === 'fulfilled' ? estimate.value : undefined;
    onEstimate({
      persisted: persisted.status === 'fulfilled' ? (persisted.value ?? null) : null,
      usageBytes: figures?.usage ?? null,
      quotaBytes: figures?.quota ?? null,
    });
  };

  return {
    refresh() {
      const wait = Math.max(0, lastAt + THROTTLE_MS - clock.now());
      cancel ??= clock.after(wait, () => void ask());
    },
    async persist() {
      const storage = storageManager();
      if (!storage?.persist) return false;
      const isGranted = await storage.persist().catch(() => false);
      await ask();
      return isGranted;
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}

/** Each part may be missing: the whole outside secure contexts, single methods elsewhere. */
function storageManager(): Partial<StorageManager> | undefined {
  const { navigator } = globalThis as { navigator?: { storage?: StorageManager } };
  return navigator?.storage;
}
