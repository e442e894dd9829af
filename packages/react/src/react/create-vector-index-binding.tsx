'use client';

import type {
  UseInfiniteQueryResult,
  UseMutationResult,
  UseQueryResult,
  UseSuspenseQueryResult,
} from '@tanstack/react-query';
import { createContext, useContext, type ReactElement, type ReactNode } from 'react';
import {
  VectorIndexError,
  type IndexStatus,
  type InsertResult,
  type Metadata,
  type RemoveSelector,
  type SearchResult,
  type StoredDocument,
  type VectorIndex,
} from '../core/index.ts';
import type { DocumentsData } from './documents-options.ts';
import { VectorIndexProvider, type VectorIndexProviderProps } from './provider.tsx';
import { useCompact, type UseCompactOptions } from './use-compact.ts';
import { useDocument, type UseDocumentOptions } from './use-document.ts';
import { useDocuments, type UseDocumentsOptions } from './use-documents.ts';
import { useInsert, type InsertVariables, type UseInsertOptions } from './use-insert.ts';
import {
  usePendingDocuments,
  type PendingDocument,
  type UsePendingDocumentsOptions,
} from './use-pending-documents.ts';
import { useRemove, type UseRemoveOptions } from './use-remove.ts';
import { useSimilar, type UseSimilarOptions } from './use-similar.ts';
import { useSuspenseSimilar, type UseSuspenseSimilarOptions } from './use-suspense-similar.ts';
import { useUpdate, type UpdateVariables, type UseUpdateOptions } from './use-update.ts';
import { useVectorIndex } from './use-vector-index.ts';
import { useVectorIndexStatus } from './use-vector-index-status.ts';

/**
 * Provider and hooks of one index, whose metadata they know. Each is the hook of the same name. Those that do
 * not depend on metadata, such as `useNamespaces`, are used as they are, with `index`.
 */
export interface VectorIndexBinding<M extends Metadata> {
  VectorIndexProvider(this: void, props: VectorIndexProviderProps): ReactElement;
  useVectorIndex(this: void): VectorIndex<M>;
  useVectorIndexStatus<T = IndexStatus>(this: void, select?: (status: IndexStatus) => T): T;
  useSimilar<T = SearchResult<M>>(
    this: void,
    options: Omit<UseSimilarOptions<M, T>, 'index'>,
  ): UseQueryResult<T, VectorIndexError>;
  useSuspenseSimilar<T = SearchResult<M>>(
    this: void,
    options: Omit<UseSuspenseSimilarOptions<M, T>, 'index'>,
  ): UseSuspenseQueryResult<T, VectorIndexError>;
  useDocument(
    this: void,
    options: Omit<UseDocumentOptions<M>, 'index'>,
  ): UseQueryResult<StoredDocument<M> | null, VectorIndexError>;
  useDocuments(
    this: void,
    options?: Omit<UseDocumentsOptions<M>, 'index'>,
  ): UseInfiniteQueryResult<DocumentsData<M>, VectorIndexError>;
  usePendingDocuments(
    this: void,
    options?: Omit<UsePendingDocumentsOptions<M>, 'index'>,
  ): readonly PendingDocument<M>[];
  useInsert(
    this: void,
    options?: Omit<UseInsertOptions<M>, 'index'>,
  ): UseMutationResult<InsertResult, VectorIndexError, InsertVariables<M>>;
  useUpdate(
    this: void,
    options?: Omit<UseUpdateOptions<M>, 'index'>,
  ): UseMutationResult<InsertResult, VectorIndexError, UpdateVariables<M>>;
  useRemove(
    this: void,
    options?: Omit<UseRemoveOptions, 'index'>,
  ): UseMutationResult<number, VectorIndexError, RemoveSelector>;
  useCompact(
    this: void,
    options?: Omit<UseCompactOptions, 'index'>,
  ): UseMutationResult<void, VectorIndexError, void>;
}

/**
 * Provider and hooks that say once what metadata an index has. Several may be nested: each hook works on
 * its own binding's index, however many providers are in between.
 *
 * @example
 * ```tsx
 * import { createVectorIndexBinding } from '@akin/react';
 * import { minilm } from '@akin/minilm';
 *
 * type Note = { title: string };
 *
 * const Notes = createVectorIndexBinding<Note>();
 * const embedder = minilm();
 *
 * export function App() {
 *   return (
 *     <Notes.VectorIndexProvider name="notes" embedder={embedder}>
 *       <Shopping />
 *     </Notes.VectorIndexProvider>
 *   );
 * }
 *
 * function Shopping() {
 *   const { data } = Notes.useSimilar({ query: 'apples', filter: { title: 'Shopping' } });
 *   return <p>{data?.hits[0]?.metadata.title}</p>;
 * }
 * ```
 */
export function createVectorIndexBinding<M extends Metadata>(): VectorIndexBinding<M> {
  const Own = createContext<VectorIndex<M> | null>(null);

  function Bind({ children }: { readonly children?: ReactNode }): ReactElement {
    return <Own.Provider value={useVectorIndex<M>()}>{children}</Own.Provider>;
  }

  function useOwn(hook: string): VectorIndex<M> {
    const index = useContext(Own);
    if (index) return index;
    throw new VectorIndexError(
      'invalid-input',
      `${hook} was called outside its binding's <VectorIndexProvider>.`,
      'Render the VectorIndexProvider of the same createVectorIndexBinding() above it.',
    );
  }
  /** The types of hooks without metadata take any index. */
  const useAny = (hook: string) => useOwn(hook) as unknown as VectorIndex;

  return {
    VectorIndexProvider: ({ children, ...props }) => (
      <VectorIndexProvider {...props}>
        <Bind>{children}</Bind>
      </VectorIndexProvider>
    ),
    useVectorIndex: () => useOwn('useVectorIndex'),
    useVectorIndexStatus: <T,>(select = (status: IndexStatus) => status as T) =>
      useVectorIndexStatus(select, useAny('useVectorIndexStatus')),
    useSimilar: (options) => useSimilar({ ...options, index: useOwn('useSimilar') }),
    useSuspenseSimilar: (options) =>
      useSuspenseSimilar({ ...options, index: useOwn('useSuspenseSimilar') }),
    useDocument: (options) => useDocument({ ...options, index: useOwn('useDocument') }),
    useDocuments: (options) => useDocuments({ ...options, index: useOwn('useDocuments') }),
    usePendingDocuments: (options) =>
      usePendingDocuments({ ...options, index: useOwn('usePendingDocuments') }),
    useInsert: (options) => useInsert({ ...options, index: useOwn('useInsert') }),
    useUpdate: (options) => useUpdate({ ...options, index: useOwn('useUpdate') }),
    useRemove: (options) => useRemove({ ...options, index: useAny('useRemove') }),
    useCompact: (options) => useCompact({ ...options, index: useAny('useCompact') }),
  };
}
