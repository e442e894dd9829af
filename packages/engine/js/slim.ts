/**
 * The entry without a default source, so that bundling it copies no file: for those who say
 * themselves where the module is.
 */
import type { Engine } from './engine.ts';
import { loadFrom } from './engine.ts';
import type { WasmSource } from './wasm-source.ts';

export * from './api.ts';

/**
 * Loads the engine. There is one in a realm (a page, a worker): once it is loaded, later calls
 * return it. After a failure the next call tries again.
 *
 * @param source where the WebAssembly module is.
 * @throws EngineError `unsupported` or `wasm-load`
 */
export function loadEngine(source: WasmSource): Promise<Engine> {
  return loadFrom(() => source);
}
