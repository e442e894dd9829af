import type { Embedder } from './embedder.ts';
import type { Metric } from './values.ts';
import type { Durability } from './writes.ts';

/**
 * Settings of the graph. They are not stored: an index that is opened with another `m` or `efConstruction`
 * than its graph was built with builds it anew.
 */
export interface HnswOptions {
  /** Links per node, 2 to 64: more find more and take more memory. Default 16. */
  readonly m?: number | undefined;
  /** Candidates while building, 1 to 4096: more find more and build slower. Default 100. */
  readonly efConstruction?: number | undefined;
  /** Candidates while searching, 1 to 4096: more find more and search slower. Default 64. */
  readonly efSearch?: number | undefined;
}

/**
 * What opens an encrypted index: a passphrase of its user, or a key that the app keeps. The key must be
 * for AES-GCM with 256 bits, usable to encrypt and decrypt; it need not be extractable.
 */
export type IndexEncryption =
  | { readonly passphrase: string; readonly key?: undefined }
  | { readonly key: CryptoKey; readonly passphrase?: undefined };

/** How to open an index, and what to make it of if there is none of its name. */
export interface VectorIndexOptions {
  /** Names the database. One index per name and origin. */
  readonly name: string;
  /** Needed to insert or search text. */
  readonly embedder?: Embedder | undefined;
  /** Default: the embedder's. Needed without an embedder. */
  readonly dimensions?: number | undefined;
  /** Default `cosine`. Fixed when the index is created. */
  readonly metric?: Metric | undefined;
  readonly hnsw?: HnswOptions | undefined;
  /** Default `indexeddb`. */
  readonly storage?: 'indexeddb' | 'memory' | undefined;
  /** Default `strict`. `purge` and what maintains the index are strict with either. */
  readonly durability?: Durability | undefined;
  /**
   * Encrypts what is stored: texts, ids, metadata, vectors and snapshots. Fixed when the index is made:
   * later it opens with nothing else (`wrong-key`, `key-required`, `not-encrypted`). Who forgets the
   * passphrase has lost the index. In memory, and for scripts of the page, nothing is encrypted.
   */
  readonly encryption?: IndexEncryption | undefined;
  /** Where the engine's WASM is, if the bundler cannot find it. */
  readonly wasmUrl?: string | URL | undefined;
  /**
   * The engine's WASM, compiled by the app, for apps that cannot serve it as a file. It is sent to the
   * worker, and no file is loaded. A function is called each time a worker opens the index, so never on
   * a server. Wins over `wasmUrl`. `@akin/react/inline` has one, and a `createWorker` to go with it.
   */
  readonly wasmModule?:
    | WebAssembly.Module
    | Promise<WebAssembly.Module>
    | (() => WebAssembly.Module | Promise<WebAssembly.Module>)
    | undefined;
  /** Starts the index worker, if the bundler cannot find it. Called again when a worker was lost. */
  readonly createWorker?: (() => Worker) | undefined;
}
