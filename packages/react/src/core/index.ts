export type { Capabilities } from './capabilities.ts';
export { createVectorIndex } from './create-vector-index.ts';
export { VectorIndexError, abortedError, closedError, isVectorIndexError } from './errors.ts';
export type { VectorIndexErrorCode } from './errors.ts';
export type { FieldOperators, Filter, FilterValue } from './filter.ts';
export { acquireVectorIndex, retainVectorIndex } from './registry.ts';
export { initialIndexStatus } from './status.ts';
export type {
  CountParams,
  DocumentId,
  DocumentReference,
  Durability,
  EmbedOptions,
  Embedder,
  EmbedderStatus,
  Embedding,
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
  VectorIndexOptions,
} from './types.ts';
