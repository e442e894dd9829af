import { useVectorIndex, useVectorIndexStatus, type TurnMetadata } from '@akin/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { listThreads, listTurns } from './turns.ts';

/**
 * The index is the only place where turns are kept. Its revision is part of the key, so the lists
 * follow every change, also one made in another tab.
 */
function useRevisionKey(): readonly unknown[] {
  const { name } = useVectorIndex();
  return [name, useVectorIndexStatus((status) => status.revision)];
}

const listDefaults = {
  networkMode: 'always',
  staleTime: Infinity,
  gcTime: 0,
  placeholderData: keepPreviousData,
} as const;

export function useTurns(threadId: string) {
  const index = useVectorIndex<TurnMetadata>();
  // The key holds the index by its name.
  // eslint-disable-next-line @tanstack/query/exhaustive-deps
  return useQuery({
    ...listDefaults,
    queryKey: ['turns', threadId, ...useRevisionKey()],
    queryFn: () => listTurns(index, threadId),
  });
}

export function useThreads() {
  const index = useVectorIndex<TurnMetadata>();
  // The key holds the index by its name.
  // eslint-disable-next-line @tanstack/query/exhaustive-deps
  return useQuery({
    ...listDefaults,
    queryKey: ['threads', ...useRevisionKey()],
    queryFn: () => listThreads(index),
  });
}
