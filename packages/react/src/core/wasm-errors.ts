import { VectorIndexError, isVectorIndexError } from './errors.ts';
import { isPolicyError, policyError } from './policy.ts';

/** The browser can run neither the engine nor a model. */
export function noSimd(): VectorIndexError {
  return new VectorIndexError(
    'unsupported',
    'This browser has no WebAssembly SIMD.',
    'Use a newer browser: any since 2023 has it.',
  );
}

/**
 * Why the engine did not start: the policy's refusal, or what is wrong with the file.
 *
 * @param what ends the sentence "The engine's WebAssembly file …"
 */
export function wasmError(error: unknown, what: string): VectorIndexError {
  if (isVectorIndexError(error)) return error;
  if (isPolicyError(error)) {
    return policyError(
      'does not allow WebAssembly',
      "Allow it with `script-src 'self' 'wasm-unsafe-eval'`, on the response of the worker's script too.",
      error,
    );
  }
  return wasmLoad(what, error);
}

/** The file is not there, or something else. */
export function wasmLoad(what: string, cause?: unknown): VectorIndexError {
  return new VectorIndexError(
    'wasm-load',
    `The engine's WebAssembly file ${what}.`,
    'See that akin_engine_bg.wasm is served as application/wasm, or pass `wasmUrl` or `wasmModule`.',
    cause,
  );
}
