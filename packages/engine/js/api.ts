/** What every entry has in common. */
export type { Engine } from './engine.ts';
export type { EngineErrorCode } from './engine-error.ts';
export { EngineError } from './engine-error.ts';
export type { Port } from './port.ts';
export type {
  BuildTogetherOptions,
  BuildTogetherResult,
  ChunkedSnapshot,
  Index,
  IndexOpening,
  IndexOptions,
  Metric,
  SearchManyResult,
  SearchOptions,
  SearchPlan,
  SearchResult,
  SnapshotChanges,
  SnapshotChunk,
  Statistics,
  StepOptions,
  StepResult,
} from './types.ts';
export type { WasmSource } from './wasm-source.ts';
