import { createListeners } from '../../core/listeners.ts';
import type { EmbedderStatus, Readable } from '../../core/types.ts';

const idle: EmbedderStatus = { state: 'idle' };

/** What is shown while a model loads. Within one load, progress never goes back. */
export interface LoadStatus extends Readable<EmbedderStatus> {
  set(status: EmbedderStatus): void;
  progress(loadedBytes: number, totalBytes: number | null): void;
}

export function createLoadStatus(): LoadStatus {
  let current = idle;
  const listeners = createListeners();
  const set = (status: EmbedderStatus) => {
    if (status === current || (status.state !== 'error' && sameStatus(status, current))) return;
    current = status;
    listeners.tell();
  };
  return {
    get: () => current,
    subscribe: (listener) => listeners.add(listener),
    set,
    progress(loadedBytes, totalBytes) {
      if (current.state !== 'loading') return;
      const loaded = Math.max(loadedBytes, current.loadedBytes);
      set({
        state: 'loading',
        loadedBytes: loaded,
        totalBytes: totalBytes === null ? null : Math.max(totalBytes, loaded),
      });
    },
  };
}

function sameStatus(a: EmbedderStatus, b: EmbedderStatus): boolean {
  if (a.state !== b.state) return false;
  if (a.state !== 'loading' || b.state !== 'loading') return true;
  return a.loadedBytes === b.loadedBytes && a.totalBytes === b.totalBytes;
}
