import { isServer, type Query, type QueryKey } from '@tanstack/react-query';
import type { VectorIndexError } from '../core/index.ts';

/** How long a result is kept that nothing shows. */
export const cacheMs = 60_000;

/**
 * What all queries of an index have in common: nothing here waits for a network, and nothing grows old
 * but by a change of the index, which the revision bridge tells.
 */
export const localQuery = {
  networkMode: 'always',
  // What failed fails again, unless its worker was lost: by then there is another.
  retry: (failures: number, error: VectorIndexError) =>
    failures === 0 && error.code === 'worker-lost',
  retryDelay: 0,
  staleTime: Infinity,
  // A timer would keep a server's process alive for as long.
  ...(isServer ? {} : { gcTime: cacheMs }),
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;

/** What all mutations of an index have in common. */
export const localMutation = {
  networkMode: 'always',
  // Not for long, because the cache holds every inserted text alive; not 0, with which TanStack Query asks every few
  // milliseconds whether a mutation that nobody watches has ended.
  gcTime: 1_000,
} as const;

const still = 'still';

/**
 * The key of a query that stays as it is while others of its index follow it: another one, because what is
 * cached under one key is the same for all that ask.
 */
export function keyByLiveness(queryKey: QueryKey, isLive: boolean): QueryKey {
  return isLive ? queryKey : [...queryKey, still];
}

export function isLive({ queryKey }: Query): boolean {
  return queryKey.at(-1) !== still;
}
