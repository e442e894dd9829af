'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { initialIndexStatus } from '../core/status.ts';
import type { IndexStatus, VectorIndex } from '../core/types.ts';

/**
 * What `select` picks of an index's status, with or without a provider. It gives the same for the same
 * status; what it builds anew is rendered anew.
 */
export function useStatus<T>({ status }: VectorIndex, select: (status: IndexStatus) => T): T {
  const subscribe = useCallback((listener: () => void) => status.subscribe(listener), [status]);
  return useSyncExternalStore(
    subscribe,
    () => select(status.get()),
    () => select(initialIndexStatus),
  );
}

export const whole = (status: IndexStatus): IndexStatus => status;
