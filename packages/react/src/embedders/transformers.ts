import { VectorIndexError } from '../core/errors.ts';
import type { Embedder } from '../core/types.ts';
import { createWorkerEmbedder } from './worker-kit/client.ts';

/** Which model to load, and how to read its vectors. */
export interface TransformersOptions {
  /** A name on the hub, or a folder under `env.localModelPath`. */
  readonly model: string;
  /** Length of the model's vectors. */
  readonly dimensions: number;
  /** A branch, tag or commit of the model. */
  readonly revision?: string | undefined;
  /** Where to compute: `wasm`, `webgpu`… Default `wasm`. */
  readonly device?: string | undefined;
  /** Precision of the weights: `q8`, `fp16`, `q4`… Default `q8` on `wasm`, else `fp32`. */
  readonly dtype?: string | undefined;
  /** How token vectors become one. The model's card says which. Default `mean`. */
  readonly pooling?: 'mean' | 'cls' | 'last_token' | undefined;
  /** Scale vectors to length 1. Default true. */
  readonly normalize?: boolean | undefined;
  /** What the model expects before queries and documents, such as `query: ` and `passage: `. */
  readonly prefixes?:
    { readonly query?: string | undefined; readonly document?: string | undefined } | undefined;
  /** Tokens read of a text, prefix included. Default: what the model's files say. */
  readonly maxTokens?: number | undefined;
  /** Settings of transformers.js. Addresses are resolved against the page. */
  readonly env?: TransformersEnv | undefined;
  /** Default: made of everything above that changes the vectors. */
  readonly id?: string | undefined;
  /** Starts `dist/embedders/transformers-worker.js`, if the bundler cannot find it. */
  readonly createWorker?: (() => Worker) | undefined;
}

/** The part of transformers.js' `env` that matters in a worker. Left out: its own defaults. */
export interface TransformersEnv {
  readonly allowLocalModels?: boolean | undefined;
  /** `false`: nothing is fetched from the hub. */
  readonly allowRemoteModels?: boolean | undefined;
  /** Folder of the models on the page's own origin. Giving it sets `allowLocalModels`. */
  readonly localModelPath?: string | undefined;
  readonly remoteHost?: string | undefined;
  readonly remotePathTemplate?: string | undefined;
  readonly useBrowserCache?: boolean | undefined;
  readonly useWasmCache?: boolean | undefined;
  /**
   * Where ONNX Runtime's files are: a folder, or both files. They are in `dist/` of the
   * `onnxruntime-web` that transformers.js depends on; a folder has to hold
   * `ort-wasm-simd-threaded.asyncify.{mjs,wasm}`, and without `webgpu` the pair without `.asyncify`,
   * half as large, will do when both are named. Without this setting transformers.js takes them from
   * a public CDN.
   */
  readonly wasmPaths?: string | { readonly mjs: string; readonly wasm: string } | undefined;
}

/** What the worker is told. */
export interface TransformersInit {
  readonly model: string;
  readonly revision: string | undefined;
  readonly device: string;
  readonly dtype: string;
  readonly pooling: 'mean' | 'cls' | 'last_token';
  readonly normalize: boolean;
  readonly prefixes: { readonly query: string; readonly document: string };
  readonly maxTokens: number | undefined;
  readonly env: TransformersEnv;
  /** What addresses without an origin are relative to. */
  readonly origin: string;
}

/**
 * Any feature-extraction model of transformers.js, in a worker of its own. Needs the optional peer
 * `@huggingface/transformers`.
 *
 * @example A model from the hub
 * ```ts
 * import { transformers } from '@akin/react/embedders/transformers';
 *
 * const embedder = transformers({
 *   model: 'Xenova/multilingual-e5-small',
 *   dimensions: 384,
 *   prefixes: { query: 'query: ', document: 'passage: ' },
 * });
 * ```
 *
 * @example Everything from your own server
 * ```ts
 * import { transformers } from '@akin/react/embedders/transformers';
 *
 * const embedder = transformers({
 *   model: 'my-model', // /models/my-model/{config,tokenizer,…}.json and onnx/model_quantized.onnx
 *   dimensions: 384,
 *   env: { localModelPath: '/models/', allowRemoteModels: false, wasmPaths: '/ort/' },
 * });
 * ```
 */
export function transformers(options: TransformersOptions): Required<Embedder> {
  const { model, dimensions, revision, pooling = 'mean', normalize = true, maxTokens } = options;
  const device = options.device ?? 'wasm';
  const dtype = options.dtype ?? (device === 'wasm' ? 'q8' : 'fp32');
  const prefixes = {
    query: options.prefixes?.query ?? '',
    document: options.prefixes?.document ?? '',
  };
  const facts = [
    revision === undefined ? '' : `#${revision}`,
    `@${dtype},${pooling}`,
    normalize ? '' : ',raw',
    prefixes.query || prefixes.document ? `,${JSON.stringify(prefixes)}` : '',
    maxTokens === undefined ? '' : `,${maxTokens}`,
  ];
  return createWorkerEmbedder({
    id: options.id ?? `transformers:${model}${facts.join('')}`,
    dimensions,
    createWorker:
      options.createWorker ??
      (() => new Worker(new URL('./transformers-worker.js', import.meta.url), { type: 'module' })),
    init: (): TransformersInit => ({
      model,
      revision,
      device,
      dtype,
      pooling,
      normalize,
      prefixes,
      maxTokens,
      env: absoluteEnv(options.env ?? {}),
      origin: location.origin,
    }),
  });
}

/** The worker has another base address than the page. */
function absoluteEnv(env: TransformersEnv): TransformersEnv {
  const absolute = (url: string) => new URL(url, document.baseURI).href;
  const folder = (url: string) => absolute(url).replace(/\/*$/, '/');
  const { localModelPath, wasmPaths } = env;
  return {
    ...env,
    ...(localModelPath === undefined
      ? {}
      : {
          localModelPath: ownFolder(folder(localModelPath)),
          allowLocalModels: env.allowLocalModels ?? true,
        }),
    ...(wasmPaths === undefined
      ? {}
      : {
          wasmPaths:
            typeof wasmPaths === 'string'
              ? folder(wasmPaths)
              : { mjs: absolute(wasmPaths.mjs), wasm: absolute(wasmPaths.wasm) },
        }),
  };
}

/** transformers.js takes a local path for local only when it is not a whole address. */
function ownFolder(url: string): string {
  if (!url.startsWith(`${location.origin}/`)) {
    throw new VectorIndexError(
      'invalid-input',
      "env.localModelPath leads to another origin than the page's.",
      'Use env.remoteHost and env.remotePathTemplate for models on another origin.',
    );
  }
  return url.slice(location.origin.length);
}
