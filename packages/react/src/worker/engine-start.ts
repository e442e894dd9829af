import { loadEngine } from '@akin/engine/slim';
import type { Engine } from '@akin/engine/slim';
import { VIOLATION_MS, policyError, sourceOf, watchViolations } from '../core/policy.ts';
import { systemClock } from '../core/ports.ts';
import type { WasmSource } from '../core/protocol.ts';
import { hasSimd } from '../core/simd.ts';
import { noSimd, wasmError, wasmLoad } from '../core/wasm-errors.ts';
import { engineError } from './engine-errors.ts';

/** Loads the engine's WASM, and says which of the many things that can go wrong did. */
export async function startEngine(wasm: WasmSource): Promise<Engine> {
  // Without it no module compiles, which says less.
  if (!hasSimd()) throw noSimd();
  if (typeof wasm === 'object' && 'failure' in wasm) {
    throw wasmError(new Error(wasm.failure), 'given as `wasmModule` could not be compiled');
  }
  const source = typeof wasm === 'string' ? await fetchWasm(wasm) : wasm;
  try {
    return await loadEngine(source);
  } catch (error) {
    const known = engineError(error);
    if (known && known.code !== 'wasm-load') throw known;
    throw wasmError(error, notStarted(source));
  }
}

async function fetchWasm(wasmUrl: string): Promise<Response> {
  const stopWatching = watchViolations(['connect-src']);
  let response: Response;
  try {
    response = await fetch(wasmUrl, { credentials: 'same-origin' });
  } catch (error) {
    // The report of a violation is a task of its own, and may come second.
    await new Promise<void>((resolve) => systemClock.after(VIOLATION_MS, resolve));
    const refused = stopWatching();
    if (refused === null) throw wasmLoad('could not be fetched', error);
    throw policyError(
      "does not allow to fetch the engine's WebAssembly file",
      `Allow it with \`connect-src ${sourceOf(refused)}\`, on the response of the worker's script too.`,
      error,
    );
  } finally {
    stopWatching();
  }
  if (!response.ok) throw wasmLoad(`was answered with status ${response.status}`);
  // A server that answers every address with the app's page answers this one with it too.
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw wasmLoad('was answered with an HTML page');
  }
  return response;
}

function notStarted(source: Response | WebAssembly.Module): string {
  if (source instanceof WebAssembly.Module) return 'is not that of this version';
  return `could not be compiled (it came as ${source.headers.get('content-type') ?? 'no type'})`;
}
