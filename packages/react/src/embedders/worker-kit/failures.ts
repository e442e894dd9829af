import { VectorIndexError, isVectorIndexError } from '../../core/errors.ts';
import { isPolicyError } from '../../core/policy.ts';
import { SIMD_MODULE, hasSimd } from '../../core/simd.ts';
import { noSimd } from '../../core/wasm-errors.ts';

const memoryPattern =
  /out of memory|allocation failed|(could|can) ?not allocate|bad_alloc|\bOOM\b/i;
const wasmPattern = /webassembly|wasm|compileerror|linkerror/i;

/** Whatever a model's loading threw, as the one typed error. No text is known while loading. */
export function loadFailure(thrown: unknown): VectorIndexError {
  if (isVectorIndexError(thrown)) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  // Libraries throw strings as well.
  if (isPolicyError(thrown instanceof Error ? thrown : new Error(message))) {
    return new VectorIndexError(
      'csp',
      'The Content-Security-Policy does not let the model compile its WebAssembly.',
      "Add 'wasm-unsafe-eval' to script-src of the response that serves the worker's script.",
      thrown,
    );
  }
  if (memoryPattern.test(message)) return memoryError();
  if (wasmPattern.test(message)) {
    if (!hasSimd()) return noSimd();
    return new VectorIndexError(
      'wasm-load',
      "The model's WebAssembly could not be started.",
      'Check that the .wasm file is served whole and is of the version that the package brings.',
      thrown,
    );
  }
  return new VectorIndexError(
    'embed-failed',
    'The model could not be loaded.',
    'Call again to retry; the cause says what its library reported.',
    thrown,
  );
}

/**
 * Throws what would otherwise be found out after the download of megabytes: a browser without SIMD,
 * or a policy that lets no WebAssembly be compiled.
 *
 * @example
 * ```ts
 * import { checkWebAssembly, downloadFiles, type LoadContext } from '@akin/react/embedders/worker';
 *
 * export async function loadModule(url: string, { onProgress }: LoadContext) {
 *   checkWebAssembly();
 *   const [bytes] = await downloadFiles([{ url, name: 'model', code: 'wasm-load' }], onProgress);
 *   return WebAssembly.compile(bytes);
 * }
 * ```
 */
export function checkWebAssembly(): void {
  if (!hasSimd()) throw noSimd();
  try {
    new WebAssembly.Module(SIMD_MODULE);
  } catch (thrown) {
    throw loadFailure(thrown);
  }
}

/**
 * Whatever embedding one text threw. Foreign messages may quote the text, so only the name of
 * the error is kept.
 */
export function textFailure(thrown: unknown): {
  readonly error: VectorIndexError;
  /** The model's memory cannot be trusted any more. */
  readonly broken: boolean;
} {
  if (isVectorIndexError(thrown)) return { error: thrown, broken: false };
  const message = thrown instanceof Error ? thrown.message : '';
  if (memoryPattern.test(message)) return { error: memoryError(), broken: true };
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  const trapped =
    (typeof WebAssembly !== 'undefined' && thrown instanceof WebAssembly.RuntimeError) ||
    /^Aborted\(|memory access out of bounds|unreachable/.test(message);
  return {
    error: new VectorIndexError(
      'embed-failed',
      `The model failed on a text (${name}).`,
      'Call again to retry; if it fails again, leave this text out.',
    ),
    broken: trapped,
  };
}

function memoryError(): VectorIndexError {
  return new VectorIndexError(
    'out-of-memory',
    'The model ran out of memory.',
    'Close other tabs or use a smaller model, then call again.',
  );
}
