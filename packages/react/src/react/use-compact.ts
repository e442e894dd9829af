'use client';

import {
  useMutation,
  type UseMutationOptions,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { VectorIndex, VectorIndexError } from '../core/index.ts';
import { localMutation } from './local-query.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useCompact} takes. */
export type UseCompactOptions = Pick<
  UseMutationOptions<void, VectorIndexError, void>,
  'onError' | 'onMutate' | 'onSettled' | 'onSuccess' | 'throwOnError'
> & {
  /** Default: the provider's. */
  readonly index?: VectorIndex | undefined;
};

/**
 * Takes removed vectors out of the graph, which gives their memory to vectors that come, then stores it, so
 * that the next visit opens it instead of building it. Both happen by themselves as well, later: this is for
 * an app that has just removed much, or that is about to be closed. Searches are answered meanwhile, writes
 * wait. Fails with `degraded` while the engine is done without, since there is no graph then.
 *
 * @example
 * ```tsx
 * import { useCompact, useVectorIndexStatus } from '@akin/react';
 *
 * export function CompactButton() {
 *   const removed = useVectorIndexStatus((status) => status.tombstoneCount);
 *   const compact = useCompact();
 *   return (
 *     <button disabled={removed === 0 || compact.isPending} onClick={() => compact.mutate()}>
 *       Clean up
 *     </button>
 *   );
 * }
 * ```
 */
export function useCompact(
  options: UseCompactOptions = {},
): UseMutationResult<void, VectorIndexError, void> {
  const { index: given, ...rest } = options;
  const { index, queryClient } = useVectorIndexContext('useCompact', given);
  return useMutation(
    {
      ...rest,
      mutationFn: () => index.optimize(),
      ...localMutation,
    },
    queryClient,
  );
}
