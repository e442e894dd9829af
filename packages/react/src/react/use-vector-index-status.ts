'use client';

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { initialIndexStatus, type IndexStatus, type VectorIndex } from '../core/index.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

const whole = (status: IndexStatus): IndexStatus => status;

/** The index's whole status: the component renders whenever anything of it changes. */
export function useVectorIndexStatus(): IndexStatus;
/**
 * The part of the index's status that `select` picks: the component renders again only when that part
 * changes (by `Object.is`).
 *
 * @param index default: the provider's
 *
 * @example
 * ```tsx
 * import { useVectorIndexStatus } from '@akin/react';
 *
 * export function Progress() {
 *   const insert = useVectorIndexStatus((status) => status.insert);
 *   return insert && <progress value={insert.done} max={insert.total} />;
 * }
 * ```
 */
export function useVectorIndexStatus<T>(select: (status: IndexStatus) => T, index?: VectorIndex): T;
export function useVectorIndexStatus<T>(
  select: (status: IndexStatus) => T = whole as (status: IndexStatus) => T,
  index?: VectorIndex,
): T {
  const { status } = useVectorIndexContext('useVectorIndexStatus', index).index;
  // A selector may build a new object; React needs the same one until the status changes.
  const read = useMemo(() => memoizeLast(() => status.get(), select), [status, select]);
  const readOnServer = useMemo(() => memoizeLast(() => initialIndexStatus, select), [select]);
  const subscribe = useCallback((listener: () => void) => status.subscribe(listener), [status]);
  return useSyncExternalStore(subscribe, read, readOnServer);
}

function memoizeLast<A, T>(get: () => A, select: (value: A) => T): () => T {
  let last: { readonly from: A; readonly selected: T } | null = null;
  return () => {
    const from = get();
    if (last === null || last.from !== from) last = { from, selected: select(from) };
    return last.selected;
  };
}
