'use client';

import { skipToken, useQuery, type SkipToken, type UseQueryResult } from '@tanstack/react-query';
import type { VectorIndex, VectorIndexError } from '../core/index.ts';
import { hitsToItems, recallParams } from '../memory/chat-memory.ts';
import type { RecalledItem, RecallOptions, TurnMetadata } from '../memory/types.ts';
import { similarOptions } from './similar-options.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useRecall} takes. */
export interface UseRecallOptions extends Omit<RecallOptions, 'signal'> {
  /** Whose memory. */
  readonly namespace: string;
  /** Blank text and `skipToken` recall nothing. */
  readonly query: string | SkipToken;
  /** Default: the provider's. */
  readonly index?: VectorIndex | undefined;
}

/**
 * What a text brings back from memory, as a query: it follows the memory, so a forgotten turn
 * leaves at once.
 *
 * @example
 * ```tsx
 * import { useRecall } from '@akin/react';
 *
 * export function Reminder({ user, draft }: { user: string; draft: string }) {
 *   const { data: recalled = [] } = useRecall({ namespace: user, query: draft });
 *   return recalled.map(({ id, text }) => <p key={id}>{text}</p>);
 * }
 * ```
 */
export function useRecall(
  options: UseRecallOptions,
): UseQueryResult<readonly RecalledItem[], VectorIndexError> {
  const { namespace, query, index: given, ...recall } = options;
  const { index, queryClient } = useVectorIndexContext('useRecall', given);

  return useQuery(
    similarOptions(index as unknown as VectorIndex<TurnMetadata>, {
      query,
      ...recallParams(namespace, recall),
      // What an earlier question brought back is not this one's.
      keepPrevious: false,
      select: ({ hits }) => hitsToItems(hits, query === skipToken ? '' : query, recall),
    }),
    queryClient,
  );
}
