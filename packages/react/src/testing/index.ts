export {
  createTestVectorIndex,
  createTestWorker,
  type TestVectorIndexOptions,
} from './create-test-vector-index.ts';
export { hashEmbedder, type HashEmbedderOptions } from './hash-embedder.ts';
