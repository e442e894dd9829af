/** Never run: `npm run typecheck` reads it, and every line is a promise to users. */
import { QueryClient, skipToken, useQueries, type UseQueryResult } from '@tanstack/react-query';
import { expectTypeOf } from 'vitest';
import { useSemanticSearchBox } from '../../src/components/index.ts';
import {
  createVectorIndex,
  createVectorIndexBinding,
  documentOptions,
  documentsOptions,
  namespacesOptions,
  similarOptions,
  useCapabilities,
  useChatMemory,
  useCompact,
  useDocument,
  useDocuments,
  useInsert,
  useNamespaces,
  usePendingDocuments,
  useRecall,
  useRemove,
  useSimilar,
  useStorageStatus,
  useSuspenseSimilar,
  useUpdate,
  useVectorIndex,
  useVectorIndexStatus,
  VectorIndexProvider,
  type Capabilities,
  type DocumentsData,
  type ForgetReceipt,
  type IndexStatus,
  type InsertResult,
  type NamespaceInfo,
  type PendingDocument,
  type RecalledItem,
  type SearchExplanation,
  type SearchHit,
  type SearchResult,
  type StorageProblem,
  type StoredDocument,
  type VectorIndex,
  type VectorIndexError,
  type VectorIndexErrorCode,
} from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';

interface Note extends Record<string, unknown> {
  readonly title: string;
}

const index = createVectorIndex<Note>({ name: 'notes', embedder: hashEmbedder() });

const queryClient = new QueryClient();

export function useTypes() {
  // Data may be missing, the error is Akin's own.
  const plain = useSimilar({ query: 'x' });
  expectTypeOf(plain).toEqualTypeOf<UseQueryResult<SearchResult, VectorIndexError>>();
  expectTypeOf(plain.data).toEqualTypeOf<SearchResult | undefined>();
  expectTypeOf(plain.error).toEqualTypeOf<VectorIndexError | null>();
  if (plain.isError) expectTypeOf(plain.error.code).toEqualTypeOf<VectorIndexErrorCode>();
  if (plain.isSuccess) expectTypeOf(plain.data).toEqualTypeOf<SearchResult>();

  // What may be asked.
  useSimilar({ query: skipToken });
  useSimilar({ query: new Float32Array(3) });
  useSimilar({ query: { id: 'a', namespace: 'b' } });
  useSimilar({ query: 'x', k: 3, namespace: undefined, minScore: 0.2, exact: true, live: false });
  useSimilar({ query: 'x', efSearch: 200, diversity: 0.5 });
  expectTypeOf(useSimilar({ query: 'x', explain: true }).data?.explain).toEqualTypeOf<
    SearchExplanation | undefined
  >();
  // @ts-expect-error diversity is a number
  useSimilar({ query: 'x', diversity: true });
  // @ts-expect-error a number is no query
  useSimilar({ query: 3 });
  // @ts-expect-error there must be a query: skipToken says that there is none yet
  useSimilar({ k: 3 });

  // Metadata, by the type argument or by the index.
  expectTypeOf(useSimilar<Note>({ query: 'x' }).data?.hits[0]?.metadata.title).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(useSimilar({ query: 'x', index }).data?.hits[0]?.metadata.title).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(useVectorIndex<Note>()).toEqualTypeOf<VectorIndex<Note>>();

  // Filters, typed by the metadata.
  useSimilar({ query: 'x', index, filter: { title: 'A' } });
  useSimilar({ query: 'x', index, filter: { title: { in: ['A', 'B'] } } });
  useSimilar({ query: 'x', index, filter: { or: [{ title: { gte: 'A' } }, { not: {} }] } });
  useSimilar({ query: 'x', filter: { anything: new Date(), more: { exists: false } } });
  // @ts-expect-error a title is a string
  useSimilar({ query: 'x', index, filter: { title: 3 } });
  // @ts-expect-error no such operator
  useSimilar({ query: 'x', index, filter: { title: { like: 'A' } } });
  // @ts-expect-error `or` stands alone
  useSimilar({ query: 'x', index, filter: { title: 'A', or: [] } });

  // `select` decides the data's type.
  const titles = useSimilar({
    query: 'x',
    index,
    select: ({ hits }) => hits.map(({ metadata }) => metadata.title),
  });
  expectTypeOf(titles.data).toEqualTypeOf<string[] | undefined>();

  // Suspense: data is there, and nothing can be skipped.
  expectTypeOf(useSuspenseSimilar({ query: 'x', index }).data).toEqualTypeOf<SearchResult<Note>>();
  // @ts-expect-error suspense cannot skip
  useSuspenseSimilar({ query: skipToken });
  // @ts-expect-error nor be disabled
  useSuspenseSimilar({ query: 'x', enabled: false });
  const counted = useSuspenseSimilar({ query: 'x', index, select: ({ hits }) => hits.length });
  expectTypeOf(counted.data).toEqualTypeOf<number>();
  useSuspenseSimilar({ query: 'x', index, filter: { title: { in: ['A'] } } });
  // @ts-expect-error a title is a string
  useSuspenseSimilar({ query: 'x', index, filter: { title: { in: [3] } } });

  // Documents.
  const document = useDocument({ id: 'a', index });
  expectTypeOf(document.data).toEqualTypeOf<StoredDocument<Note> | null | undefined>();
  useDocument<Note>({ id: skipToken });
  // @ts-expect-error a document has an id
  useDocument({});
  const documents = useDocuments({ index, pageSize: 20 });
  expectTypeOf(documents.data).toEqualTypeOf<DocumentsData<Note> | undefined>();
  expectTypeOf(documents.error).toEqualTypeOf<VectorIndexError | null>();
  useDocuments({ index, filter: { title: { gte: 'A', lt: 'B' } } });
  // @ts-expect-error a title is a string
  useDocuments({ index, filter: { title: { gte: 3 } } });
  expectTypeOf(usePendingDocuments({ index })).toEqualTypeOf<readonly PendingDocument<Note>[]>();
  expectTypeOf(useNamespaces().data).toEqualTypeOf<readonly NamespaceInfo[] | undefined>();
  const update = useUpdate({ index });
  update.mutate({ id: 'a', metadata: { title: 'A' } });
  // @ts-expect-error another metadata
  update.mutate({ id: 'a', metadata: { name: 'A' } });
  // @ts-expect-error without metadata there is nothing to update
  update.mutate({ id: 'a' });

  expectTypeOf(useCapabilities()).toEqualTypeOf<Capabilities | null>();
  const { problem, persist } = useStorageStatus();
  expectTypeOf(problem).toEqualTypeOf<StorageProblem | null>();
  expectTypeOf(persist()).toEqualTypeOf<Promise<boolean>>();
  expectTypeOf(useVectorIndexStatus()).toEqualTypeOf<IndexStatus>();
  expectTypeOf(useVectorIndexStatus(({ documentCount }) => documentCount)).toEqualTypeOf<number>();

  const insert = useInsert<Note>({ index });
  expectTypeOf(insert.data).toEqualTypeOf<InsertResult | undefined>();
  insert.mutate({ id: 'a', text: 'x', metadata: { title: 'A' } });
  insert.mutate([{ id: 'a', vector: new Float32Array(3) }]);
  insert.mutate({ documents: [{ id: 'a', text: 'x' }], signal: new AbortController().signal });
  // @ts-expect-error another metadata
  insert.mutate({ id: 'a', text: 'x', metadata: { name: 'A' } });
  // @ts-expect-error a document has an id
  insert.mutate({ text: 'x' });

  const remove = useRemove();
  expectTypeOf(remove.mutateAsync('a')).toEqualTypeOf<Promise<number>>();
  remove.mutate(['a']);
  remove.mutate({ namespace: 'b' });
  // @ts-expect-error nothing to remove
  remove.mutate({});

  const compact = useCompact({ index: index as unknown as VectorIndex });
  compact.mutate();
  expectTypeOf(compact.error).toEqualTypeOf<VectorIndexError | null>();
  expectTypeOf(compact.mutateAsync()).toEqualTypeOf<Promise<void>>();

  const { memory, forget, remember } = useChatMemory({ namespace: 'me', threadId: 't' });
  expectTypeOf(memory.recall('x')).toEqualTypeOf<Promise<readonly RecalledItem[]>>();
  expectTypeOf(forget.mutateAsync({ id: 'a' })).toEqualTypeOf<Promise<ForgetReceipt>>();
  remember.mutate({ id: 'a', role: 'user', text: 'x' });
  // @ts-expect-error no such role
  remember.mutate({ id: 'a', role: 'robot', text: 'x' });
  expectTypeOf(useRecall({ namespace: 'me', query: skipToken }).data).toEqualTypeOf<
    readonly RecalledItem[] | undefined
  >();

  // One object of options serves all of TanStack Query.
  const options = similarOptions(index, { query: 'x' });
  expectTypeOf(queryClient.ensureQueryData(options)).resolves.toEqualTypeOf<SearchResult<Note>>();
  const [first] = useQueries({ queries: [options] });
  expectTypeOf(first.data).toEqualTypeOf<SearchResult<Note> | undefined>();
  expectTypeOf(
    queryClient.ensureQueryData(documentOptions(index, { id: 'a' })),
  ).resolves.toHaveProperty('document');
  expectTypeOf(
    queryClient.ensureInfiniteQueryData(documentsOptions(index)),
  ).resolves.toHaveProperty('pages');
  const [namespaces] = useQueries({ queries: [namespacesOptions(useVectorIndex())] });
  expectTypeOf(namespaces.data).toEqualTypeOf<readonly NamespaceInfo[] | undefined>();

  // The search box without its looks.
  const box = useSemanticSearchBox<Note>({ k: 3, filter: { title: 'A' } });
  expectTypeOf(box.hits).toEqualTypeOf<readonly SearchHit<Note>[]>();
  expectTypeOf(box.value).toEqualTypeOf<string>();
}

const Notes = createVectorIndexBinding<Note>();

/** Bound hooks know the metadata without being told. */
export function useBoundTypes() {
  expectTypeOf(Notes.useVectorIndex()).toEqualTypeOf<VectorIndex<Note>>();
  expectTypeOf(Notes.useVectorIndexStatus()).toEqualTypeOf<IndexStatus>();
  expectTypeOf(
    Notes.useVectorIndexStatus(({ documentCount }) => documentCount),
  ).toEqualTypeOf<number>();
  const found = Notes.useSimilar({ query: 'x', filter: { title: { in: ['A'] } } });
  expectTypeOf(found.data).toEqualTypeOf<SearchResult<Note> | undefined>();
  Notes.useSimilar({ query: skipToken });
  const titles = Notes.useSimilar({
    query: 'x',
    select: ({ hits }) => hits.map(({ metadata }) => metadata.title),
  });
  expectTypeOf(titles.data).toEqualTypeOf<string[] | undefined>();
  // @ts-expect-error a title is a string
  Notes.useSimilar({ query: 'x', filter: { title: 3 } });
  // @ts-expect-error the index is the binding's
  Notes.useSimilar({ query: 'x', index });
  const there = Notes.useSuspenseSimilar({ query: 'x' });
  expectTypeOf(there.data).toEqualTypeOf<SearchResult<Note>>();
  // @ts-expect-error suspense cannot skip
  Notes.useSuspenseSimilar({ query: skipToken });
  expectTypeOf(Notes.useDocument({ id: 'a' }).data).toEqualTypeOf<
    StoredDocument<Note> | null | undefined
  >();
  expectTypeOf(Notes.useDocuments().data).toEqualTypeOf<DocumentsData<Note> | undefined>();
  expectTypeOf(Notes.usePendingDocuments()).toEqualTypeOf<readonly PendingDocument<Note>[]>();
  Notes.useInsert().mutate({ id: 'a', text: 'x', metadata: { title: 'A' } });
  // @ts-expect-error another metadata
  Notes.useInsert().mutate({ id: 'a', text: 'x', metadata: { name: 'A' } });
  Notes.useUpdate().mutate([{ id: 'a', metadata: { title: 'A' } }]);
  // @ts-expect-error another metadata
  Notes.useUpdate().mutate({ id: 'a', metadata: { title: 3 } });
  expectTypeOf(Notes.useRemove().mutateAsync('a')).toEqualTypeOf<Promise<number>>();
}

export const elements = [
  <VectorIndexProvider key="options" name="notes" embedder={hashEmbedder()} />,
  <VectorIndexProvider key="index" index={index} />,
  // @ts-expect-error options or an index
  <VectorIndexProvider key="none" />,
];
