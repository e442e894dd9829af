export { createVectorIndex, VectorIndexError, isVectorIndexError } from './core/index.ts';
export type {
  Capabilities,
  CountParams,
  DocumentId,
  DocumentReference,
  Durability,
  Embedder,
  EmbedderStatus,
  Embedding,
  EmbedOptions,
  FieldOperators,
  Filter,
  FilterValue,
  HealthReport,
  HnswOptions,
  IndexEncryption,
  IndexState,
  IndexStatus,
  InsertOptions,
  InsertProgress,
  InsertResult,
  ListParams,
  Metadata,
  Metric,
  NamespaceInfo,
  Readable,
  RemoveSelector,
  SearchExplanation,
  SearchHit,
  SearchParams,
  SearchResult,
  SearchTarget,
  StorageStatus,
  StoredDocument,
  VectorDocument,
  VectorIndex,
  VectorIndexErrorCode,
  VectorIndexOptions,
} from './core/index.ts';
export { createChatMemory } from './memory/chat-memory.ts';
export type {
  ChatMemory,
  ChatMemoryOptions,
  ChatRole,
  ChatTurn,
  ForgetReceipt,
  ForgetTarget,
  MemoryItem,
  RecalledItem,
  RecallOptions,
  TurnMetadata,
} from './memory/types.ts';
export {
  createVectorIndexBinding,
  type VectorIndexBinding,
} from './react/create-vector-index-binding.tsx';
export { VectorIndexProvider, type VectorIndexProviderProps } from './react/provider.tsx';
export { indexKey } from './react/query-keys.ts';
export { similarOptions, type SimilarOptions } from './react/similar-options.ts';
export { useCapabilities } from './react/use-capabilities.ts';
export {
  useChatMemory,
  type UseChatMemoryOptions,
  type UseChatMemoryResult,
} from './react/use-chat-memory.ts';
export {
  documentOptions,
  type DocumentData,
  type DocumentOptions,
} from './react/document-options.ts';
export {
  documentsOptions,
  type DocumentsData,
  type DocumentsOptions,
  type DocumentsPage,
} from './react/documents-options.ts';
export { useCompact, type UseCompactOptions } from './react/use-compact.ts';
export { useDocument, type UseDocumentOptions } from './react/use-document.ts';
export { useDocuments, type UseDocumentsOptions } from './react/use-documents.ts';
export { useInsert, type InsertVariables, type UseInsertOptions } from './react/use-insert.ts';
export {
  namespacesOptions,
  type NamespacesData,
  type NamespacesOptions,
} from './react/namespaces-options.ts';
export { useNamespaces, type UseNamespacesOptions } from './react/use-namespaces.ts';
export {
  usePendingDocuments,
  type PendingDocument,
  type UsePendingDocumentsOptions,
} from './react/use-pending-documents.ts';
export { useRecall, type UseRecallOptions } from './react/use-recall.ts';
export { useRemove, type UseRemoveOptions } from './react/use-remove.ts';
export { useSimilar, type UseSimilarOptions } from './react/use-similar.ts';
export {
  useStorageStatus,
  type StorageProblem,
  type UseStorageStatusResult,
} from './react/use-storage-status.ts';
export {
  useSuspenseSimilar,
  type UseSuspenseSimilarOptions,
} from './react/use-suspense-similar.ts';
export {
  useUpdate,
  type MetadataUpdate,
  type UpdateVariables,
  type UseUpdateOptions,
} from './react/use-update.ts';
export { useVectorIndexStatus } from './react/use-vector-index-status.ts';
export { useVectorIndex } from './react/use-vector-index.ts';
