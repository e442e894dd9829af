import { createWorkerEmbedder } from '@akin/react/embedders/worker';
import type { Embedder } from '@akin/react/embedders/worker';
import { fileSizes } from './files.ts';
import type { FileSource, MinilmFiles } from './files.ts';

/** Where the files of the model are, if a bundler cannot find them. */
export interface MinilmOptions {
  /** Where `model.onnx` is, if the bundler cannot find it or it is hosted elsewhere. */
  readonly modelUrl?: string | URL | undefined;
  /** Where `tokenizer.json` is. */
  readonly tokenizerUrl?: string | URL | undefined;
  /** Where `ort-wasm-simd-threaded.wasm` is. */
  readonly wasmUrl?: string | URL | undefined;
  /** Starts `@akin/minilm`'s `dist/worker.js`, if the bundler cannot find it. */
  readonly createWorker?: (() => Worker) | undefined;
}

/**
 * all-MiniLM-L6-v2 in int8: 384 dimensions, English, up to 256 tokens of a text. Everything it
 * needs is in this package; it loads at the first `embed` or `load`, in a worker of its own.
 *
 * @example
 * ```tsx
 * import { VectorIndexProvider } from '@akin/react';
 * import { SemanticSearchBox } from '@akin/react/components';
 * import { minilm } from '@akin/minilm';
 *
 * const embedder = minilm();
 *
 * export function App() {
 *   return (
 *     <VectorIndexProvider name="notes" embedder={embedder}>
 *       <SemanticSearchBox />
 *     </VectorIndexProvider>
 *   );
 * }
 * ```
 */
export function minilm(options: MinilmOptions = {}): Required<Embedder> {
  return createWorkerEmbedder({
    id: 'all-MiniLM-L6-v2@int8-1',
    dimensions: 384,
    createWorker:
      options.createWorker ??
      (() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })),
    init: () => filesOf(options),
  });
}

/** Bundlers look for `new URL('…', import.meta.url)`: each stands here literally. */
function filesOf({ modelUrl, tokenizerUrl, wasmUrl }: MinilmOptions): MinilmFiles {
  return {
    model: given(modelUrl) ?? {
      url: new URL('../model/model.onnx', import.meta.url).href,
      bytes: fileSizes.model,
    },
    tokenizer: given(tokenizerUrl) ?? {
      url: new URL('../model/tokenizer.json', import.meta.url).href,
      bytes: fileSizes.tokenizer,
    },
    wasm: given(wasmUrl) ?? {
      url: new URL('./ort-wasm-simd-threaded.wasm', import.meta.url).href,
      bytes: fileSizes.wasm,
    },
  };
}

/** A worker has another base address than the page, so it gets absolute ones. */
function given(url: string | URL | undefined): FileSource | undefined {
  return url === undefined ? undefined : { url: new URL(url, document.baseURI).href };
}
