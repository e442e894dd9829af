import { loadEngine } from '@akin/engine/slim';
import type { Engine } from '@akin/engine/slim';
import { VectorIndexError } from '../core/errors.ts';
import { hasSimd } from '../core/simd.ts';
import { engineError } from './engine-errors.ts';

/** Loads the engine's WASM, and says which of the many things that can go wrong did. */
export async function startEngine(wasmUrl: string): Promise<Engine> {
  if (!hasSimd()) {
    throw new VectorIndexError(
      'unsupported',
      'This browser has no WebAssembly SIMD.',
      'Use a newer browser: any since 2023 has it.',
    );
  }
  const response = await fetchWasm(wasmUrl);
  try {
    return await loadEngine(response);
  } catch (error) {
    throw engineStartError(error, response);
  }
}

async function fetchWasm(wasmUrl: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(wasmUrl, { credentials: 'same-origin' });
  } catch (error) {
    throw wasmLoad('could not be fetched', error);
  }
  if (!response.ok) throw wasmLoad(`was answered with status ${response.status}`);
  // A server that answers every address with the app's page answers this one with it too.
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw wasmLoad('was answered with an HTML page');
  }
  return response;
}

function engineStartError(error: unknown, response: Response): VectorIndexError {
  if (isPolicy(error)) {
    return new VectorIndexError(
      'csp',
      'The Content Security Policy does not allow WebAssembly.',
      "Allow it with `script-src 'wasm-unsafe-eval'`.",
      error,
    );
  }
  const known = engineError(error);
  if (known && known.code !== 'wasm-load') return known;
  const type = response.headers.get('content-type') ?? 'no type';
  return wasmLoad(`could not be compiled (it came as ${type})`, error);
}

function isPolicy(error: unknown): boolean {
  for (let current = error, depth = 0; depth < 4; depth++) {
    if (!(current instanceof Error)) return false;
    if (/content security policy|unsafe-eval/i.test(current.message)) return true;
    current = current.cause;
  }
  return false;
}

function wasmLoad(what: string, cause?: unknown): VectorIndexError {
  return new VectorIndexError(
    'wasm-load',
    `The engine's WebAssembly file ${what}.`,
    'See that akin_engine_bg.wasm is served as application/wasm, or pass `wasmUrl`.',
    cause,
  );
}
