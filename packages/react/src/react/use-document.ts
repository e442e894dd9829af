'use client';

import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Metadata, StoredDocument, VectorIndex, VectorIndexError } from '../core/index.ts';
import { documentOptions, type DocumentOptions } from './document-options.ts';
import { liveMeta } from './local-query.ts';
import { useRevisionBridge } from './use-revision-bridge.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

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
 * const { data: note } = useDocument<Note>({ id: noteId });
 * ```
 */
export function useDocument<M extends Metadata = Metadata>(
  options: UseDocumentOptions<M>,
): UseQueryResult<StoredDocument<M> | null, VectorIndexError> {
  const { index: given, live = true, ...document } = options;
  const { index, queryClient } = useVectorIndexContext('useDocument', given);
  useRevisionBridge(index, queryClient, live);
  const query = documentOptions(index as unknown as VectorIndex<M>, document);
  return useQuery({ ...query, ...liveMeta(live) }, queryClient);
}
