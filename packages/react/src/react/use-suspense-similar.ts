'use client';

import { isServer, useSuspenseQuery, type UseSuspenseQueryResult } from '@tanstack/react-query';
import type {
  Metadata,
  SearchResult,
  SearchTarget,
  VectorIndex,
  VectorIndexError,
} from '../core/index.ts';
import { noWorkers } from '../core/no-workers.ts';
import { keyByLiveness } from './local-query.ts';
import { similarOptions, type SimilarOptions } from './similar-options.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useSuspenseSimilar} takes. */
export interface UseSuspenseSimilarOptions<
  M extends Metadata = Metadata,
  T = SearchResult<M>,
> extends Omit<SimilarOptions<M, T>, 'enabled' | 'keepPrevious' | 'query' | 'throwOnError'> {
  /** Text, a vector, or `{ id }` for "more like this". Blank text finds nothing. */
  readonly query: SearchTarget;
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
  /** Whether results follow changes of the index, here or in another tab. Default true. */
  readonly live?: boolean | undefined;
}

/**
 * {@link useSimilar} for `<Suspense>` and an error boundary: data is always there. Change the query within
 * `startTransition` to keep the last results on screen meanwhile. A server sends the fallback: put the
 * `<Suspense>` around what the page can be without.
 *
 * @example
 * ```tsx
 * import { useSuspenseSimilar } from '@akin/react';
 * import { Suspense, useDeferredValue } from 'react';
 *
 * export function Results({ text }: { text: string }) {
 *   return (
 *     <Suspense fallback={<p>…</p>}>
 *       <Hits text={useDeferredValue(text)} />
 *     </Suspense>
 *   );
 * }
 *
 * function Hits({ text }: { text: string }) {
 *   const { data } = useSuspenseSimilar({ query: text, k: 5 });
 *   return data.hits.map(({ id, text: found }) => <p key={id}>{found}</p>);
 * }
 * ```
 */
export function useSuspenseSimilar<M extends Metadata = Metadata, T = SearchResult<M>>(
  options: UseSuspenseSimilarOptions<M, T>,
): UseSuspenseQueryResult<T, VectorIndexError> {
  const { index: given, live = true, ...similar } = options;
  const { index, queryClient } = useVectorIndexContext('useSuspenseSimilar', given);
  const query = similarOptions(index as unknown as VectorIndex<M>, {
    ...similar,
    keepPrevious: false,
  });
  // Suspense cannot skip. What is cached for it is not for `useSimilar`, which can.
  const search = typeof query.queryFn === 'function' ? query.queryFn : null;
  const queryKey = keyByLiveness(search ? query.queryKey : [...query.queryKey, ''], live);
  const ask = search ?? (() => nothingAsked(index as unknown as VectorIndex<M>));
  // It would ask while a server renders, and send the text to the embedder's. This way the fallback is sent.
  const queryFn = isServer ? () => Promise.reject(noWorkers()) : ask;
  return useSuspenseQuery({ ...query, queryKey, queryFn }, queryClient);
}

function nothingAsked<M extends Metadata>({ status }: VectorIndex<M>): SearchResult<M> {
  const { revision } = status.get();
  return { hits: [], searched: 0, revision, took: { embedMs: 0, searchMs: 0 } };
}
