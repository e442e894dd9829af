import {
  queryOptions,
  skipToken,
  type QueryKey,
  type SkipToken,
  type UseQueryOptions,
} from '@tanstack/react-query';
import type {
  Metadata,
  SearchParams,
  SearchResult,
  SearchTarget,
  VectorIndex,
  VectorIndexError,
} from '../core/index.ts';
import { localQuery } from './local-query.ts';
import { similarKey } from './query-keys.ts';

type QueryPassthrough<M extends Metadata, T> = Pick<
  UseQueryOptions<SearchResult<M>, VectorIndexError, T>,
  'enabled' | 'gcTime' | 'notifyOnChangeProps' | 'select' | 'staleTime' | 'throwOnError'
>;

/**
 * What to search for, and how to keep what was found. Of TanStack Query it takes `enabled`,
 * `gcTime`, `notifyOnChangeProps`, `select`, `staleTime` and `throwOnError`; its other options are set.
 */
export interface SimilarOptions<M extends Metadata = Metadata, T = SearchResult<M>>
  extends SearchParams<M>, QueryPassthrough<M, T> {
  /**
   * Text, a vector, or `{ id }` for "more like this". Blank text and `skipToken` ask nothing:
   * the result is pending, without data.
   */
  readonly query: SearchTarget | SkipToken;
  /**
   * Whether the last results stay, as placeholder data, while the next query runs. Default true; with
   * `enabled: false` they go.
   */
  readonly keepPrevious?: boolean | undefined;
}

/**
 * Query options for one search: for `useQuery`, `useQueries`, `queryClient.ensureQueryData` and
 * the like. {@link useSimilar} uses the same, unless `live` is false, so they share results. They follow the
 * index wherever a provider of it is above.
 *
 * @example
 * ```tsx
 * import { similarOptions, useVectorIndex } from '@akin/react';
 * import { useQueries } from '@tanstack/react-query';
 *
 * export function Compare({ questions }: { questions: readonly string[] }) {
 *   const index = useVectorIndex();
 *   const results = useQueries({
 *     queries: questions.map((query) => similarOptions(index, { query, k: 1 })),
 *   });
 *   return results.map(({ data }, at) => <p key={at}>{data?.hits[0]?.text}</p>);
 * }
 * ```
 */
export function similarOptions<M extends Metadata = Metadata, T = SearchResult<M>>(
  index: VectorIndex<M>,
  options: SimilarOptions<M, T>,
) {
  return similarQuery(index, options, () => true);
}

/** @param mayKeep whether results of the query with this key may stay while this one runs */
export function similarQuery<M extends Metadata = Metadata, T = SearchResult<M>>(
  index: VectorIndex<M>,
  options: SimilarOptions<M, T>,
  mayKeep: (before: QueryKey) => boolean,
) {
  const { query, k, namespace, filter, minScore, diversity, efSearch, exact, ...others } = options;
  const { explain, keepPrevious = true, ...rest } = others;
  const target = isAsked(query) ? query : null;
  const params: SearchParams<M> = dropUndefined({
    k,
    namespace,
    filter,
    minScore,
    diversity,
    efSearch,
    exact,
    // Not asked for is not asked for, however it is written: one result for both.
    explain: explain === true ? true : undefined,
  });
  const queryKey = similarKey(index, target, params);

  return queryOptions<SearchResult<M>, VectorIndexError, T>({
    ...localQuery,
    queryKey,
    queryFn:
      target === null ? skipToken : ({ signal }) => index.search(target, { ...params, signal }),
    ...(target !== null && keepPrevious && rest.enabled !== false
      ? {
          placeholderData: (
            previous: SearchResult<M> | undefined,
            before: { readonly queryKey: QueryKey } | undefined,
          ) =>
            before !== undefined &&
            sameSource(before.queryKey, queryKey) &&
            mayKeep(before.queryKey)
              ? previous
              : undefined,
        }
      : {}),
    ...rest,
  });
}

export function isAsked(query: SearchTarget | SkipToken): query is SearchTarget {
  return query !== skipToken && (typeof query !== 'string' || query.trim() !== '');
}

/** Results of another index or namespace are never shown in place of this one's. */
function sameSource(before: QueryKey, now: QueryKey): boolean {
  const [, , , indexBefore, , paramsBefore] = before;
  const [, , , indexNow, , paramsNow] = now;
  return indexBefore === indexNow && namespaceOf(paramsBefore) === namespaceOf(paramsNow);
}

function namespaceOf(params: unknown): unknown {
  return (params as SearchParams | undefined)?.namespace;
}

function dropUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as unknown as T;
}
