'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { initialIndexStatus } from '../core/status.ts';
import type { IndexStatus, VectorIndex } from '../core/types.ts';

/** The whole status of an index, with or without a provider. */
export function useStatus({ status }: VectorIndex): IndexStatus {
  const subscribe = useCallback((listener: () => void) => status.subscribe(listener), [status]);
  return useSyncExternalStore(
    subscribe,
    () => status.get(),
    () => initialIndexStatus,
  );
}
