/** The one running WASM module of a realm, and what to do when a call into it fails. */
import { initSync } from '../wasm/akin_engine.js';
import { EngineError, parseThrown } from './engine-error.ts';
import { loadError } from './wasm-source.ts';

/** A running module. */
export class Instance {
  readonly #memory: WebAssembly.Memory;
  #words = new Uint32Array(0);
  #floats = new Float32Array(0);
  #failure: unknown;

  private constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** Starts a compiled module, or fails with `wasm-load`. */
  static start(module: WebAssembly.Module): Instance {
    try {
      return new Instance(initSync({ module }).memory);
    } catch (error) {
      throw loadError(error);
    }
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The module's memory. Growing detaches it: ask again after each call. */
  get words(): Uint32Array {
    if (this.#words.length === 0) this.#words = new Uint32Array(this.#memory.buffer);
    return this.#words;
  }

  /** The same memory as floats. */
  get floats(): Float32Array {
    if (this.#floats.length === 0) this.#floats = new Float32Array(this.#memory.buffer);
    return this.#floats;
  }

  /**
   * Calls into the module. A string that it throws is an answer. Anything else is a trap, which no
   * input should cause: what the module's memory holds then is unknown, so it is not used again.
   */
  run<Result>(call: () => Result): Result {
    if (this.#failure !== undefined) throw stopped(this.#failure);
    try {
      return call();
    } catch (error) {
      if (error instanceof EngineError) throw error;
      const answer = parseThrown(error);
      if (answer) throw answer;
      this.#failure = error ?? 'unknown';
      throw stopped(this.#failure);
    }
  }
}

function stopped(cause: unknown): EngineError {
  return new EngineError(
    'closed',
    'The engine stopped after an internal failure. Start a new worker or reload the page, and ' +
      'open the index from its last snapshot.',
    { cause },
  );
}
