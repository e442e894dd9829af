'use client';

import { hashKey, useQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import type { Metadata, SearchResult, VectorIndex, VectorIndexError } from '../core/index.ts';
import { keyByLiveness } from './local-query.ts';
import { isAsked, similarQuery, type SimilarOptions } from './similar-options.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useSimilar} takes. */
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
 * import { useSimilar } from '@akin/react';
 * import { useState } from 'react';
 *
 * export function Search() {
 *   const [text, setText] = useState('');
 *   const { data, error } = useSimilar({ query: text, k: 5 });
 *   return (
 *     <>
 *       <input value={text} onChange={(event) => setText(event.target.value)} />
 *       {error && <p>{error.hint}</p>}
 *       {data?.hits.map(({ id, text: found }) => <p key={id}>{found}</p>)}
 *     </>
 *   );
 * }
 * ```
 */
export function useSimilar<M extends Metadata = Metadata, T = SearchResult<M>>(
  options: UseSimilarOptions<M, T>,
): UseQueryResult<T, VectorIndexError> {
  const { index: given, live = true, ...similar } = options;
  const { index, queryClient } = useVectorIndexContext('useSimilar', given);

  const { mayKeep, remember } = useAskedSinceBlank();
  const query = similarQuery(index as unknown as VectorIndex<M>, similar, mayKeep);
  const queryKey = keyByLiveness(query.queryKey, live);
  const isRunning = isAsked(similar.query) && similar.enabled !== false;
  useEffect(() => remember(isRunning ? queryKey : null));

  return useQuery({ ...query, queryKey }, queryClient);
}

/**
 * Which queries were asked since there was nothing to ask: a box that was cleared starts anew,
 * and results from before must not stand in for what is typed next.
 */
function useAskedSinceBlank() {
  const hashes = useRef(new Set<string>());
  const mayKeep = useCallback((before: QueryKey) => hashes.current.has(hashKey(before)), []);
  const remember = useCallback((queryKey: QueryKey | null) => {
    const asked = hashes.current;
    if (queryKey === null) return asked.clear();
    const hash = hashKey(queryKey);
    // What was asked last goes last.
    asked.delete(hash);
    asked.add(hash);
    // A text that is written for hours is never blank.
    for (const oldest of asked) if (asked.size > 99) asked.delete(oldest);
  }, []);
  return { mayKeep, remember };
}
