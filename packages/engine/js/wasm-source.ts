/** From whatever a caller has to a compiled module. */
import { describe } from './arguments.ts';
import { EngineError } from './engine-error.ts';

/** Where the WebAssembly module comes from. */
export type WasmSource = URL | string | Response | BufferSource | WebAssembly.Module;

/** The smallest module that needs 128-bit SIMD: one function that splats and counts bits. */
const simdProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

/** Fails where the engine cannot run at all. */
export function expectSupport(): void {
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(simdProbe)) {
    throw new EngineError(
      'unsupported',
      'This runtime has no WebAssembly with SIMD. Update the browser: Chrome 91, Firefox 89, ' +
        'Safari 16.4 and Node 18 have it.',
    );
  }
}

/** Compiles a source, or fails with `wasm-load`. */
export async function compileSource(
  source: () => WasmSource | Promise<WasmSource>,
): Promise<WebAssembly.Module> {
  try {
    const module = await compile(await source());
    if (!WebAssembly.Module.exports(module).some(({ name }) => name === 'wasmindex_new')) {
      throw new EngineError(
        'wasm-load',
        'The source is a WebAssembly module, but not that of this engine. Pass ' +
          'akin_engine_bg.wasm of the same version of @akin/engine.',
      );
    }
    return module;
  } catch (error) {
    throw error instanceof EngineError ? error : loadError(error);
  }
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === 'string' || source instanceof URL) {
    return compileResponse(await fetch(source));
  }
  if (typeof Response === 'function' && source instanceof Response) return compileResponse(source);
  if (ArrayBuffer.isView(source) || Object.prototype.toString.call(source).endsWith('Buffer]')) {
    return WebAssembly.compile(source as BufferSource);
  }
  throw new EngineError(
    'invalid-input',
    `The source of the module is ${describe(source)}. Pass a URL, a Response, bytes or a ` +
      'WebAssembly.Module.',
  );
}

/** Compiles while bytes arrive, or after they have where the server names another type. */
async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw new EngineError(
      'wasm-load',
      `The engine's WebAssembly module answered with status ${response.status}. Check that ` +
        'akin_engine_bg.wasm is served where the app looks for it.',
    );
  }
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/wasm') && typeof WebAssembly.compileStreaming === 'function') {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Says that the module could not be loaded, and points at the likely reason. */
export function loadError(cause: unknown): EngineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = /content security policy|unsafe-eval/i.test(reason)
    ? "Allow WebAssembly in the page's Content-Security-Policy: script-src 'wasm-unsafe-eval'."
    : 'Check that akin_engine_bg.wasm is served unchanged where the app looks for it.';
  return new EngineError(
    'wasm-load',
    `The engine's WebAssembly module could not be loaded (${reason}). ${advice}`,
    { cause },
  );
}
