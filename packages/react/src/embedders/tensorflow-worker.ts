import { Tokenizer, UniversalSentenceEncoder } from '@tensorflow-models/universal-sentence-encoder';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { env, ready, setBackend } from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import { VectorIndexError } from '../core/errors.ts';
import { registerMissingKernels } from './tensorflow-kernels.ts';
import type { UniversalSentenceEncoderInit } from './tensorflow.ts';
import { downloadFiles } from './worker-kit/download.ts';
import { checkWebAssembly } from './worker-kit/failures.ts';
import { serveEmbedder } from './worker-kit/serve.ts';
import { toUnitLength } from './worker-kit/unit-length.ts';

/** The model drops what comes after these. */
const maxTokens = 128;
/**
 * No token is longer than 16 characters; unknown characters in a row are one token. The tokenizer's
 * work grows with the square of the length.
 */
const maxCharacters = 8192;

type Vocabulary = ConstructorParameters<typeof Tokenizer>[0];

serveEmbedder<UniversalSentenceEncoderInit>({
  async load({ modelUrl, vocabUrl, wasmPaths }, { onProgress }) {
    checkWebAssembly();
    // Threads would be started from blobs, which many policies forbid.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setWasmPaths(wasmPaths);
    await setBackend('wasm').then(required, required);
    await ready();
    registerMissingKernels();

    const { artifacts, vocabulary } = await downloadModel(modelUrl, vocabUrl, onProgress);
    const tokenizer = new Tokenizer(vocabulary);
    // What the encoder's own `load` does, with files that are here already.
    const encoder = new UniversalSentenceEncoder();
    Object.assign(encoder, {
      model: await loadGraphModel({ load: () => Promise.resolve(artifacts) }),
      tokenizer,
    });

    return {
      async embed(text) {
        // Without any token the encoder throws: an empty text is embedded as a blank.
        const start = text.slice(0, maxCharacters) || ' ';
        const tensor = await encoder.embed(start);
        try {
          const vector = Float32Array.from(await tensor.data());
          const truncated =
            text.length > maxCharacters || tokenizer.encode(start).length > maxTokens;
          return { vector: toUnitLength(vector), truncated };
        } finally {
          tensor.dispose();
        }
      },
    };
  },
});

function required(started: unknown): void {
  if (started === true) return;
  throw new VectorIndexError(
    'wasm-load',
    "TensorFlow.js' WASM backend could not be started.",
    'Check that wasmPaths leads to the .wasm files of the installed @tensorflow/tfjs-backend-wasm.',
    started instanceof Error ? started : undefined,
  );
}

async function downloadModel(
  modelUrl: string,
  vocabUrl: string,
  onProgress: (loadedBytes: number, totalBytes: number | null) => void,
): Promise<{ artifacts: io.ModelArtifacts; vocabulary: Vocabulary }> {
  let before = 0;
  const [modelFile, vocabFile] = await downloadFiles(
    [
      { url: modelUrl, name: 'model' },
      { url: vocabUrl, name: 'vocabulary' },
    ],
    (loaded) => {
      before = loaded;
      onProgress(loaded, null);
    },
  );
  const { modelTopology, weightsManifest } = parse<io.ModelJSON>(modelFile, 'model');
  const shards = await downloadFiles(
    weightsManifest.flatMap(({ paths }) =>
      paths.map((path) => ({ url: new URL(path, modelUrl).href, name: 'weights' })),
    ),
    (loaded, total) => onProgress(before + loaded, total === null ? null : before + total),
  );
  return {
    artifacts: {
      modelTopology,
      weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
      weightData: await new Blob(shards).arrayBuffer(),
    },
    vocabulary: parse<Vocabulary>(vocabFile, 'vocabulary'),
  };
}

function parse<T>(file: Uint8Array, name: string): T {
  try {
    return JSON.parse(new TextDecoder().decode(file)) as T;
  } catch {
    throw new VectorIndexError(
      'embed-failed',
      `The ${name} file is not JSON.`,
      'Check the address that was given for it.',
    );
  }
}
