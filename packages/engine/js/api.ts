/** What every entry has in common. */
export type { Engine } from './engine.ts';
export type { EngineErrorCode } from './engine-error.ts';
export { EngineError } from './engine-error.ts';
export type {
  Index,
  IndexOptions,
  Metric,
  SearchManyResult,
  SearchOptions,
  SearchPlan,
  SearchResult,
  Statistics,
  StepOptions,
  StepResult,
} from './types.ts';
export type { WasmSource } from './wasm-source.ts';
