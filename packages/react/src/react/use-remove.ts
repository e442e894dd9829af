'use client';

import {
  useMutation,
  type UseMutationOptions,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { RemoveSelector, VectorIndex, VectorIndexError } from '../core/index.ts';
import { localMutation } from './local-query.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useRemove} takes. */
export type UseRemoveOptions = Pick<
  UseMutationOptions<number, VectorIndexError, RemoveSelector>,
  'onError' | 'onMutate' | 'onSettled' | 'onSuccess' | 'throwOnError'
> & {
  /** Default: the provider's. */
  readonly index?: VectorIndex | undefined;
};

/**
 * Removes documents by id, or everything in a namespace. Succeeds, with how many there were,
 * when their rows are gone.
 *
 * @example
 * ```tsx
 * import { useRemove } from '@akin/react';
 *
 * export function RemoveButton({ id }: { id: string }) {
 *   const remove = useRemove();
 *   return (
 *     <button disabled={remove.isPending} onClick={() => remove.mutate(id)}>
 *       Remove
 *     </button>
 *   );
 * }
 * ```
 */
export function useRemove(
  options: UseRemoveOptions = {},
): UseMutationResult<number, VectorIndexError, RemoveSelector> {
  const { index: given, ...rest } = options;
  const { index, queryClient } = useVectorIndexContext('useRemove', given);
  return useMutation(
    {
      ...rest,
      mutationFn: (selector: RemoveSelector) => index.remove(selector),
      ...localMutation,
    },
    queryClient,
  );
}
