import { infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import type {
  CountParams,
  DocumentId,
  ListParams,
  Metadata,
  StoredDocument,
  VectorIndex,
  VectorIndexError,
} from '../core/index.ts';
import { localQuery } from './local-query.ts';
import { documentsKey } from './query-keys.ts';

/** Which documents to list, and how many at a time. */
export interface DocumentsOptions<M extends Metadata = Metadata> extends CountParams<M> {
  /** Documents per page. Default 50. */
  readonly pageSize?: number | undefined;
}

/** What is cached of one page. */
export interface DocumentsPage<M extends Metadata = Metadata> {
  readonly documents: readonly StoredDocument<M>[];
  /** How many there are in all. */
  readonly count: number;
  /** The id after which the next page begins; `null` on the last. */
  readonly next: DocumentId | null;
  /** The index revision that was read. */
  readonly revision: number;
}

/** The pages read so far, as one list. */
export interface DocumentsData<M extends Metadata = Metadata> {
  /** In id order. */
  readonly documents: readonly StoredDocument<M>[];
  /** How many there are in all, read or not. */
  readonly count: number;
}

/**
 * Query options for a listing, as {@link useDocuments} uses them: for `useInfiniteQuery` and the like.
 *
 * @example
 * ```tsx
 * import { documentsOptions, useVectorIndex } from '@akin/react';
 * import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
 *
 * export function NoteCount() {
 *   const index = useVectorIndex();
 *   const { data } = useSuspenseInfiniteQuery(documentsOptions(index, { pageSize: 1 }));
 *   return <p>{data.count} notes</p>;
 * }
 * ```
 */
export function documentsOptions<M extends Metadata = Metadata>(
  index: VectorIndex<M>,
  { namespace, filter, pageSize = 50 }: DocumentsOptions<M> = {},
) {
  return infiniteQueryOptions<
    DocumentsPage<M>,
    VectorIndexError,
    DocumentsData<M>,
    readonly unknown[],
    DocumentId | null
  >({
    ...localQuery,
    queryKey: documentsKey(index, { namespace, filter, limit: pageSize }),
    queryFn: async ({ pageParam }) => {
      await index.ready();
      // Before the documents: what is written meanwhile makes this outdated, never the reverse.
      const { revision } = index.status.get();
      const params: ListParams<M> = {
        namespace,
        filter,
        // One more tells whether there is another page.
        limit: pageSize + 1,
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      const [found, count] = await Promise.all([
        index.list(params),
        index.count({ namespace, filter }),
      ]);
      const documents = found.slice(0, pageSize);
      const next = found.length > pageSize ? (documents.at(-1)?.id ?? null) : null;
      return { documents, count, next, revision };
    },
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    select: flatten,
  });
}

function flatten<M extends Metadata>({
  pages,
}: InfiniteData<DocumentsPage<M>, DocumentId | null>): DocumentsData<M> {
  return {
    documents: pages.flatMap(({ documents }) => documents),
    count: pages.at(-1)?.count ?? 0,
  };
}
