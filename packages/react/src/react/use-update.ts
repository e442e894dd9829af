'use client';

import {
  useMutation,
  type UseMutationOptions,
  type UseMutationResult,
} from '@tanstack/react-query';
import type {
  DocumentId,
  InsertResult,
  Metadata,
  VectorIndex,
  VectorIndexError,
} from '../core/index.ts';
import { localMutation } from './local-query.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** The whole of a document's metadata: what is left out is gone. */
export interface MetadataUpdate<M extends Metadata = Metadata> {
  readonly id: DocumentId;
  readonly metadata: M;
  /** Default `'default'`. */
  readonly namespace?: string | undefined;
}

/** One update, or several. */
export type UpdateVariables<M extends Metadata = Metadata> =
  MetadataUpdate<M> | readonly MetadataUpdate<M>[];

/** What {@link useUpdate} takes. */
export type UseUpdateOptions<M extends Metadata = Metadata> = Pick<
  UseMutationOptions<InsertResult, VectorIndexError, UpdateVariables<M>>,
  'onError' | 'onMutate' | 'onSettled' | 'onSuccess' | 'throwOnError'
> & {
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
};

/**
 * Replaces the metadata of documents. Text and vector stay, so nothing is embedded. Fails with `invalid-input`
 * if one of the documents does not exist; others may be changed by then.
 *
 * @example
 * ```tsx
 * import { useUpdate, type StoredDocument } from '@akin/react';
 *
 * type Note = { title: string; pinned: boolean };
 *
 * export function Pin({ note }: { note: StoredDocument<Note> }) {
 *   const update = useUpdate<Note>();
 *   const pin = () => update.mutate({ id: note.id, metadata: { ...note.metadata, pinned: true } });
 *   return <button onClick={pin}>Pin</button>;
 * }
 * ```
 */
export function useUpdate<M extends Metadata = Metadata>(
  options: UseUpdateOptions<M> = {},
): UseMutationResult<InsertResult, VectorIndexError, UpdateVariables<M>> {
  const { index: given, ...rest } = options;
  const { index, queryClient } = useVectorIndexContext('useUpdate', given);
  return useMutation(
    {
      ...rest,
      mutationFn: (variables: UpdateVariables<M>) =>
        (index as unknown as VectorIndex<M>).insert(variables),
      ...localMutation,
    },
    queryClient,
  );
}
