/**
 * Where the worker and the engine are. Both are written so that a bundler sees an asset: the
 * page resolves the engine's address, because a worker that was moved cannot.
 */

export function spawnIndexWorker(): Worker {
  return new Worker(new URL('../worker/entry.js', import.meta.url), {
    type: 'module',
    name: 'akin-index',
  });
}

export function packagedWasmUrl(): string {
  return new URL('../akin_engine_bg.wasm', import.meta.url).href;
}
