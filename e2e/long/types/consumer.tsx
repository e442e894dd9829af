/** What an app writes, with every entry: nothing runs it, TypeScript of many versions reads it. */
import {
  createVectorIndexBinding,
  similarOptions,
  useChatMemory,
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
  type VectorIndexErrorCode,
} from '@akin/react';
import { ChatMemory, SearchBoxParts, SemanticSearchBox } from '@akin/react/components';
import { createVectorIndex, type SearchResult } from '@akin/react/core';
import { openaiCompatible } from '@akin/react/embedders/openai-compatible';
import { universalSentenceEncoder } from '@akin/react/embedders/tensorflow';
import { transformers } from '@akin/react/embedders/transformers';
import { createWorkerEmbedder } from '@akin/react/embedders/worker';
import { createTestVectorIndex, hashEmbedder } from '@akin/react/testing';
import { loadEngine, type Index } from '@akin/engine';
import { minilm } from '@akin/minilm';
import type { ReactElement } from 'react';

interface Note extends Record<string, unknown> {
  readonly title: string;
}

export const index = createVectorIndex<Note>({ name: 'notes', embedder: minilm() });
export const forTests = createTestVectorIndex<Note>();
export const Notes = createVectorIndexBinding<Note>();
export const options = similarOptions(index, { query: 'x', filter: { title: { in: ['A'] } } });
export const embedders = [
  hashEmbedder(),
  openaiCompatible({ baseUrl: 'http://localhost:11434/v1', model: 'm', dimensions: 768 }),
  transformers({ model: 'm', dimensions: 384 }),
  universalSentenceEncoder({ modelUrl: '/use', vocabUrl: '/use/vocab.json', wasmPaths: '/wasm/' }),
  createWorkerEmbedder({
    id: 'own',
    dimensions: 3,
    createWorker: () => new Worker('/own.js'),
    init: () => ({}),
  }),
];

export function Page(): ReactElement {
  const { data, error } = useSimilar<Note>({ query: 'x', filter: { title: 'A' } });
  const titles: readonly string[] | undefined = data?.hits.map(({ metadata }) => metadata.title);
  const code: VectorIndexErrorCode | undefined = error?.code;
  const there: SearchResult<Note> = useSuspenseSimilar<Note>({ query: 'x' }).data;
  const { mutate } = useInsert<Note>();
  const { memory } = useChatMemory({ namespace: 'me', threadId: 't' });
  const count: number = useVectorIndexStatus((status) => status.documentCount);
  return (
    <button
      type="button"
      title={`${titles?.join() ?? code ?? ''}${there.searched}${count}${memory.threadId}`}
      onClick={() => mutate({ id: 'a', text: 'x', metadata: { title: 'A' } })}
    />
  );
}

export function useRest(): unknown[] {
  return [
    useDocument<Note>({ id: 'a' }).data?.metadata.title,
    useDocuments<Note>().data?.documents,
    useNamespaces().data,
    usePendingDocuments<Note>(),
    useRecall({ namespace: 'me', query: 'x' }).data,
    useRemove(),
    useStorageStatus().problem,
    useUpdate<Note>(),
    useVectorIndex<Note>(),
    Notes.useSimilar({ query: 'x' }).data?.hits[0]?.metadata.title,
  ];
}

export const app = (
  <VectorIndexProvider name="notes" embedder={minilm()}>
    <SemanticSearchBox<Note> onSelect={(hit) => hit.metadata.title} />
    <SearchBoxParts.Root>
      <SearchBoxParts.Field>
        <SearchBoxParts.Input />
      </SearchBoxParts.Field>
      <SearchBoxParts.List renderSuggestion={(text) => text}>
        {(hit) => hit.text}
      </SearchBoxParts.List>
    </SearchBoxParts.Root>
    <ChatMemory namespace="me" query="x" />
    <Page />
  </VectorIndexProvider>
);

export async function engine(): Promise<Index> {
  return (await loadEngine()).createIndex({ dimensions: 3 });
}
