'use client';

import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Metadata, StoredDocument, VectorIndex, VectorIndexError } from '../core/index.ts';
import { documentOptions, type DocumentOptions } from './document-options.ts';
import { keyByLiveness } from './local-query.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useDocument} takes. */
export interface UseDocumentOptions<M extends Metadata = Metadata> extends DocumentOptions {
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
  /** Whether it follows changes, here or in another tab. Default true. */
  readonly live?: boolean | undefined;
}

/**
 * One document by its id; data is `null` where there is none.
 *
 * @example
 * ```tsx
 * import { useDocument } from '@akin/react';
 *
 * export function Note({ id }: { id: string }) {
 *   const { data: note, isPending } = useDocument<{ title: string }>({ id });
 *   if (isPending) return <p>…</p>;
 *   return note === null ? <p>There is no such note.</p> : <h1>{note?.metadata.title}</h1>;
 * }
 * ```
 */
export function useDocument<M extends Metadata = Metadata>(
  options: UseDocumentOptions<M>,
): UseQueryResult<StoredDocument<M> | null, VectorIndexError> {
  const { index: given, live = true, ...document } = options;
  const { index, queryClient } = useVectorIndexContext('useDocument', given);
  const query = documentOptions(index as unknown as VectorIndex<M>, document);
  const queryKey = keyByLiveness(query.queryKey, live);
  return useQuery({ ...query, queryKey }, queryClient);
}
