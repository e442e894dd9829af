/** The entry for Node: reads the module from the file system. */
import { readFile } from 'node:fs/promises';
import type { Engine } from './engine.ts';
import { loadFrom } from './engine.ts';
import type { WasmSource } from './wasm-source.ts';

export * from './api.ts';

/**
 * Loads the engine. There is one in a realm (a process, a worker): once it is loaded, later calls
 * return it. After a failure the next call tries again.
 *
 * @param source where the WebAssembly module is; a `file:` URL is read. Default: the file of this
 * package.
 * @throws EngineError `unsupported` or `wasm-load`
 */
export function loadEngine(source?: WasmSource): Promise<Engine> {
  return loadFrom(() =>
    readFileUrl(source ?? new URL('../wasm/akin_engine_bg.wasm', import.meta.url)),
  );
}

/** `fetch` does not read files in Node. */
async function readFileUrl(source: WasmSource): Promise<WasmSource> {
  if (typeof source !== 'string' && !(source instanceof URL)) return source;
  const url = source.toString();
  return /^file:/i.test(url) ? readFile(new URL(url)) : source;
}
