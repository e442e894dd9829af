'use client';

import { useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query';
import type { Metadata, VectorIndex, VectorIndexError } from '../core/index.ts';
import {
  documentsOptions,
  type DocumentsData,
  type DocumentsOptions,
} from './documents-options.ts';
import { keyByLiveness } from './local-query.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useDocuments} takes. */
export interface UseDocumentsOptions<M extends Metadata = Metadata> extends DocumentsOptions<M> {
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
  /** Whether it follows changes, here or in another tab. Default true. */
  readonly live?: boolean | undefined;
}

/**
 * The documents of a namespace, or those that a filter lets through, in id order and page by page; and how
 * many there are.
 *
 * @example
 * ```tsx
 * import { useDocuments } from '@akin/react';
 *
 * export function Notes() {
 *   const { data, hasNextPage, fetchNextPage } = useDocuments({ pageSize: 20 });
 *   return (
 *     <>
 *       {data?.documents.map(({ id, text }) => <p key={id}>{text}</p>)}
 *       {hasNextPage && <button onClick={() => void fetchNextPage()}>More</button>}
 *     </>
 *   );
 * }
 * ```
 */
export function useDocuments<M extends Metadata = Metadata>(
  options: UseDocumentsOptions<M> = {},
): UseInfiniteQueryResult<DocumentsData<M>, VectorIndexError> {
  const { index: given, live = true, ...documents } = options;
  const { index, queryClient } = useVectorIndexContext('useDocuments', given);
  const query = documentsOptions(index as unknown as VectorIndex<M>, documents);
  const queryKey = keyByLiveness(query.queryKey, live);
  return useInfiniteQuery({ ...query, queryKey }, queryClient);
}
