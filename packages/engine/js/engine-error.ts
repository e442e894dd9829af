/**
 * Why an operation was refused. Stable across releases, unlike messages.
 *
 * - `invalid-input`: an argument has another type or lies out of bounds; a vector holds NaN, an
 *   infinity, or under cosine only zeros.
 * - `dimension-mismatch`: the length of a vector is not that of the index.
 * - `out-of-memory`: there is no room. What was there before is untouched.
 * - `corrupt`: bytes that are not an intact snapshot.
 * - `outdated`: a chunk of a snapshot was read after the index had changed in that place.
 * - `upgrade-required`: a snapshot of a later format than this engine reads.
 * - `wasm-load`: the WebAssembly module could not be fetched, compiled or started.
 * - `unsupported`: this browser or runtime lacks WebAssembly or its 128-bit SIMD.
 * - `mirror-lost`: the mirror that helped to build failed, fell silent or was ended. Only told in the
 *   result of a build, which went on without it.
 * - `aborted`: a build was aborted by its signal.
 * - `closed`: the index was freed, or the engine stopped after an internal failure.
 */
export type EngineErrorCode =
  | 'invalid-input'
  | 'dimension-mismatch'
  | 'out-of-memory'
  | 'corrupt'
  | 'outdated'
  | 'upgrade-required'
  | 'wasm-load'
  | 'unsupported'
  | 'mirror-lost'
  | 'aborted'
  | 'closed';

/**
 * The only error that this package throws. Its message is a sentence on what happened and one on
 * what to do. Unless the code is `closed`, the index goes on working as if the call had not been.
 */
export class EngineError extends Error {
  /** Why. */
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}

const codes: ReadonlySet<string> = new Set<EngineErrorCode>([
  'invalid-input',
  'dimension-mismatch',
  'out-of-memory',
  'corrupt',
  'outdated',
  'upgrade-required',
  'mirror-lost',
]);

/** Reads the string that the WASM module throws: `code: message`. */
export function parseThrown(thrown: unknown): EngineError | undefined {
  if (typeof thrown !== 'string') return undefined;
  const colon = thrown.indexOf(': ');
  const code = thrown.slice(0, colon);
  if (!codes.has(code)) return undefined;
  return new EngineError(code as EngineErrorCode, thrown.slice(colon + 2));
}
