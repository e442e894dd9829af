/** The entry for browsers and their workers: finds the module beside itself. */
import type { Engine } from './engine.ts';
import { loadFrom } from './engine.ts';
import type { WasmSource } from './wasm-source.ts';

export * from './api.ts';

/**
 * Loads the engine. There is one in a realm (a page, a worker): once it is loaded, later calls
 * return it. After a failure the next call tries again.
 *
 * @param source where the WebAssembly module is. Default: a file of this package, which bundlers
 * find and copy by themselves.
 * @throws EngineError `unsupported` or `wasm-load`
 */
export function loadEngine(source?: WasmSource): Promise<Engine> {
  return loadFrom(() => source ?? new URL('../wasm/akin_engine_bg.wasm', import.meta.url));
}
