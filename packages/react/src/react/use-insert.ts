'use client';

import {
  useMutation,
  type UseMutationOptions,
  type UseMutationResult,
} from '@tanstack/react-query';
import type {
  InsertOptions,
  InsertResult,
  Metadata,
  VectorDocument,
  VectorIndex,
  VectorIndexError,
} from '../core/index.ts';
import { isLive, localMutation } from './local-query.ts';
import { indexKey, insertKey } from './query-keys.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** One document, several, or several with a signal to cancel and a progress callback. */
export type InsertVariables<M extends Metadata = Metadata> =
  | VectorDocument<M>
  | readonly VectorDocument<M>[]
  | ({ readonly documents: readonly VectorDocument<M>[] } & InsertOptions);

/** What {@link useInsert} takes. */
export type UseInsertOptions<M extends Metadata = Metadata> = Pick<
  UseMutationOptions<InsertResult, VectorIndexError, InsertVariables<M>>,
  'onError' | 'onMutate' | 'onSettled' | 'onSuccess' | 'throwOnError'
> & {
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
};

/**
 * Inserts documents, or replaces those with the same id. Succeeds when all of them are stored, and in what
 * {@link useDocuments} shows.
 * `useVectorIndexStatus((status) => status.insert)` follows the progress, and {@link usePendingDocuments}
 * shows them meanwhile.
 *
 * @example
 * ```tsx
 * import { useInsert } from '@akin/react';
 *
 * export function SaveButton({ text }: { text: string }) {
 *   const insert = useInsert();
 *   const save = () => insert.mutate({ id: crypto.randomUUID(), text });
 *   return (
 *     <>
 *       <button disabled={insert.isPending} onClick={save}>
 *         Save
 *       </button>
 *       {insert.error && <p>{insert.error.hint}</p>}
 *     </>
 *   );
 * }
 * ```
 */
export function useInsert<M extends Metadata = Metadata>(
  options: UseInsertOptions<M> = {},
): UseMutationResult<InsertResult, VectorIndexError, InsertVariables<M>> {
  const { index: given, ...rest } = options;
  const { index, queryClient } = useVectorIndexContext('useInsert', given);
  return useMutation(
    {
      ...rest,
      mutationKey: insertKey(index),
      mutationFn: async (variables: InsertVariables<M>) => {
        const target = index as unknown as VectorIndex<M>;
        // What is no object is refused by the index.
        const isWithOptions =
          typeof variables === 'object' && variables !== null && 'documents' in variables;
        const result = await (isWithOptions
          ? target.insert(variables.documents, variables)
          : target.insert(variables));
        // What was pending is listed before it is pending no more, so that it is always to be seen.
        const queryKey = [...indexKey(index), 'documents'];
        await queryClient.invalidateQueries({ queryKey, predicate: isLive });
        return result;
      },
      ...localMutation,
    },
    queryClient,
  );
}
