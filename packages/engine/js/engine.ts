import { Instance } from './instance.ts';
import type { Port } from './port.ts';
import { serveMirror } from './serve-mirror.ts';
import type { ChunkedSnapshot, Index, IndexOpening, IndexOptions } from './types.ts';
import { beginOpen, createIndex, openIndex } from './vector-index.ts';
import type { WasmSource } from './wasm-source.ts';
import { compileSource, expectSupport } from './wasm-source.ts';

/** A loaded engine, in which any number of indexes live side by side. */
export interface Engine {
  /**
   * Creates an empty index.
   *
   * @throws EngineError `invalid-input` or `out-of-memory`
   */
  createIndex(options: IndexOptions): Index;
  /**
   * Opens a snapshot, in one piece or in chunks. Its bytes may come from anywhere: they are copied
   * and checked. A chunk that is missing, damaged or of another snapshot is `corrupt`.
   *
   * @throws EngineError `corrupt`, `upgrade-required`, `invalid-input` or `out-of-memory`
   */
  openIndex(snapshot: Uint8Array | ChunkedSnapshot): Index;
  /**
   * Begins to open a snapshot whose chunks come one by one, as from a database: memory then never
   * holds more of them than the caller does.
   *
   * @throws EngineError `corrupt`, `upgrade-required`, `invalid-input` or `out-of-memory`
   */
  beginOpen(manifest: Uint8Array): IndexOpening;
  /**
   * Helps an index of another worker to build its graph, from when `index.buildTogether` is called
   * at the other end of the port. Its memory is given back when the worker ends; it takes about as
   * much as the index.
   *
   * @param port the owner's end: `self` in a worker that the owner started
   * @returns what ends it
   */
  serveMirror(port: Port): () => void;
  /** Bytes of WASM memory, all indexes together. WASM memory never shrinks. */
  readonly memoryBytes: number;
}

let loading: Promise<Engine> | undefined;

/**
 * Loads the engine. There is one in a realm (a page, a worker): once it is loaded, later calls
 * return it and their source is not looked at. After a failure the next call tries again.
 */
export function loadFrom(source: () => WasmSource | Promise<WasmSource>): Promise<Engine> {
  loading ??= start(source).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(source: () => WasmSource | Promise<WasmSource>): Promise<Engine> {
  expectSupport();
  const instance = Instance.start(await compileSource(source));
  return {
    createIndex: (options) => createIndex(instance, options),
    openIndex: (snapshot) => openIndex(instance, snapshot),
    beginOpen: (manifest) => beginOpen(instance, manifest),
    serveMirror: (port) => serveMirror(instance, port),
    get memoryBytes() {
      return instance.memoryBytes;
    },
  };
}
