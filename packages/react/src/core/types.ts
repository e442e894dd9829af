// The nouns of the public API, for one import each: those of a file import each other directly.
export type * from './types/values.ts';
export type * from './types/embedder.ts';
export type * from './types/documents.ts';
export type * from './types/search.ts';
export type * from './types/writes.ts';
export type * from './types/status.ts';
export type * from './types/health.ts';
export type * from './types/options.ts';
export type * from './types/vector-index.ts';
