/**
 * What every embedder that runs in a worker of its own is made of: `createWorkerEmbedder` on the
 * page, `serveEmbedder` in the worker.
 */
export { createWorkerEmbedder } from './worker-kit/client.ts';
export type { WorkerEmbedderOptions } from './worker-kit/client.ts';
export { downloadFiles } from './worker-kit/download.ts';
export type { DownloadedFile } from './worker-kit/download.ts';
export { checkWebAssembly } from './worker-kit/failures.ts';
export { readableStart } from './worker-kit/reading.ts';
export { serveEmbedder } from './worker-kit/serve.ts';
export type { EmbedderModel, LoadContext, LoadedModel, WorkerPort } from './worker-kit/serve.ts';
export type { EmbedOptions, Embedder, EmbedderStatus, Embedding } from '../core/types.ts';
export { VectorIndexError } from '../core/errors.ts';
export { toUnitLength } from './worker-kit/unit-length.ts';
