import { queryOptions, skipToken, type SkipToken } from '@tanstack/react-query';
import type {
  DocumentId,
  Metadata,
  StoredDocument,
  VectorIndex,
  VectorIndexError,
} from '../core/index.ts';
import { localQuery } from './local-query.ts';
import { documentKey } from './query-keys.ts';

/** Which document to read. */
export interface DocumentOptions {
  /** `skipToken` asks nothing. */
  readonly id: DocumentId | SkipToken;
  /** Default `'default'`. */
  readonly namespace?: string | undefined;
  /** Whether its vector comes with it. Default false. */
  readonly vector?: boolean | undefined;
}

/** What is cached of a document. */
export interface DocumentData<M extends Metadata = Metadata> {
  /** `null`: there is none. */
  readonly document: StoredDocument<M> | null;
  /** The index revision that was read. */
  readonly revision: number;
}

/**
 * Query options for one document, as {@link useDocument} uses them. Data is the document, or `null`.
 *
 * @example
 * ```tsx
 * import { documentOptions, useVectorIndex } from '@akin/react';
 * import { useQueryClient } from '@tanstack/react-query';
 *
 * export function NoteLink({ id }: { id: string }) {
 *   const index = useVectorIndex();
 *   const queryClient = useQueryClient();
 *   const prefetch = () => void queryClient.prefetchQuery(documentOptions(index, { id }));
 *   return (
 *     <a href={`/notes/${id}`} onPointerEnter={prefetch}>
 *       {id}
 *     </a>
 *   );
 * }
 * ```
 */
export function documentOptions<M extends Metadata = Metadata>(
  index: VectorIndex<M>,
  { id, namespace, vector }: DocumentOptions,
) {
  return queryOptions<DocumentData<M>, VectorIndexError, StoredDocument<M> | null>({
    ...localQuery,
    queryKey: documentKey(index, id === skipToken ? null : id, { namespace, vector }),
    queryFn:
      id === skipToken
        ? skipToken
        : async () => {
            await index.ready();
            // Before the document: what is written meanwhile makes this outdated, never the reverse.
            const { revision } = index.status.get();
            return { document: (await index.get(id, { namespace, vector })) ?? null, revision };
          },
    select: documentOf,
  });
}

function documentOf<M extends Metadata>({ document }: DocumentData<M>): StoredDocument<M> | null {
  return document;
}
