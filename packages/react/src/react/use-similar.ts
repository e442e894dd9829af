'use client';

import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Metadata, SearchResult, VectorIndex, VectorIndexError } from '../core/index.ts';
import { retainRevisionBridge } from './revision-bridge.ts';
import { similarOptions, type SimilarOptions } from './similar-options.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

export interface UseSimilarOptions<
  M extends Metadata = Metadata,
  T = SearchResult<M>,
> extends SimilarOptions<M, T> {
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
  /** Whether results follow changes of the index, here or in another tab. Default true. */
  readonly live?: boolean | undefined;
}

/**
 * The documents most similar to a text, a vector or another document.
 *
 * Returns TanStack Query's result object itself. A newer query aborts the older one down to the
 * worker, and its results never show; until the newer one answers, the last results stay as
 * placeholder data (`isPlaceholderData`).
 *
 * @example
 * ```tsx
 * const { data, error, isPending } = useSimilar({ query: text, k: 5 });
 * ```
 */
export function useSimilar<M extends Metadata = Metadata, T = SearchResult<M>>(
  options: UseSimilarOptions<M, T>,
): UseQueryResult<T, VectorIndexError> {
  const { index: given, live = true, ...similar } = options;
  const { index, queryClient } = useVectorIndexContext('useSimilar', given);

  useEffect(
    () => (live ? retainRevisionBridge(index, queryClient) : undefined),
    [live, index, queryClient],
  );

  return useQuery(similarOptions(index as unknown as VectorIndex<M>, similar), queryClient);
}
