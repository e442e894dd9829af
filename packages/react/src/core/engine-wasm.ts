import { invalidInput } from './errors.ts';
import type { WasmSource } from './protocol.ts';
import { packagedWasmUrl } from './spawn.ts';
import type { VectorIndexOptions } from './types.ts';

/** The engine for the worker: the module that the app compiled, or else where the file is. */
export function engineWasm({
  wasmModule,
  wasmUrl,
}: Pick<VectorIndexOptions, 'wasmModule' | 'wasmUrl'>): WasmSource | Promise<WasmSource> {
  if (wasmModule !== undefined) return compiled(wasmModule);
  return wasmUrl === undefined ? packagedWasmUrl() : new URL(wasmUrl, document.baseURI).href;
}

async function compiled(given: NonNullable<VectorIndexOptions['wasmModule']>): Promise<WasmSource> {
  let module: unknown;
  try {
    module = await (typeof given === 'function' ? given() : given);
  } catch (error) {
    return { failure: String(error) };
  }
  if (isModule(module)) return module;
  throw invalidInput(
    '`wasmModule` is no WebAssembly.Module.',
    'Give what `WebAssembly.compile` resolves with.',
  );
}

/** Also one that was compiled in another window. */
function isModule(value: unknown): value is WebAssembly.Module {
  return Object.prototype.toString.call(value) === '[object WebAssembly.Module]';
}
