export { createVectorIndex, VectorIndexError, isVectorIndexError } from './core/index.ts';
export type {
  DocumentId,
  Durability,
  Embedder,
  EmbedderStatus,
  Embedding,
  EmbedOptions,
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
  Readable,
  RemoveSelector,
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
export { VectorIndexProvider, type VectorIndexProviderProps } from './react/provider.tsx';
export { indexKey } from './react/query-keys.ts';
export { similarOptions, type SimilarOptions } from './react/similar-options.ts';
export {
  useChatMemory,
  type UseChatMemoryOptions,
  type UseChatMemoryResult,
} from './react/use-chat-memory.ts';
export { useInsert, type InsertVariables, type UseInsertOptions } from './react/use-insert.ts';
export { useRecall, type UseRecallOptions } from './react/use-recall.ts';
export { useRemove, type UseRemoveOptions } from './react/use-remove.ts';
export { useSimilar, type UseSimilarOptions } from './react/use-similar.ts';
export {
  useStorageStatus,
  type StorageProblem,
  type UseStorageStatusResult,
} from './react/use-storage-status.ts';
export { useVectorIndexStatus } from './react/use-vector-index-status.ts';
export { useVectorIndex } from './react/use-vector-index.ts';
