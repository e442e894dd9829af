import { AutoModel, AutoTokenizer, Tensor, env } from '@huggingface/transformers';
import type { DataType, DeviceType, ProgressInfo } from '@huggingface/transformers';
import { VectorIndexError } from '../core/errors.ts';
import type { TransformersInit } from './transformers.ts';
import { checkWebAssembly } from './worker-kit/failures.ts';
import { readableStart } from './worker-kit/reading.ts';
import { serveEmbedder } from './worker-kit/serve.ts';
import type { LoadContext } from './worker-kit/serve.ts';
import { toUnitLength } from './worker-kit/unit-length.ts';

/** What a tokenizer gives: `input_ids`, `attention_mask`, for some models `token_type_ids`. */
type Inputs = Record<string, Tensor> & { readonly input_ids: Tensor };

serveEmbedder<TransformersInit>({
  async load(init, { onProgress }) {
    checkWebAssembly();
    configure(init);
    const options = {
      device: init.device as DeviceType,
      dtype: init.dtype as DataType,
      ...(init.revision === undefined ? {} : { revision: init.revision }),
      progress_callback: progressOfFiles(onProgress),
    };
    // What `pipeline('feature-extraction')` puts together, without asking for every file twice.
    const [tokenizer, model] = await Promise.all([
      AutoTokenizer.from_pretrained(init.model, options),
      AutoModel.from_pretrained(init.model, options),
    ]);
    const tokenize = (text: string) => tokenizer(text) as Inputs;
    const limit = tokenLimit(init.maxTokens, tokenizer.model_max_length as number, model.config);
    const specialEnd = commonEnd(tokenize('').input_ids, tokenize('a').input_ids);

    return {
      async embed(text, { purpose }) {
        const start = readableStart(
          init.prefixes[purpose] + text,
          limit * 16,
          (part) => tokenize(part).input_ids.size > limit * 2,
        );
        const inputs = tokenize(start);
        const truncated = inputs.input_ids.size > limit;
        const outputs = (await model(
          truncated ? cutInputs(inputs, limit, specialEnd) : inputs,
        )) as Record<string, Tensor | undefined>;
        const rows =
          outputs['last_hidden_state'] ?? outputs['logits'] ?? outputs['token_embeddings'];
        if (rows?.dims.length !== 3) {
          throw new VectorIndexError(
            'embed-failed',
            'The model gives no vector for each token.',
            'Use a model for feature extraction.',
          );
        }
        const vector = pool(rows, init.pooling);
        return { vector: init.normalize ? toUnitLength(vector) : vector, truncated };
      },
    };
  },
});

function configure({ env: { wasmPaths, ...settings }, origin }: TransformersInit): void {
  Object.assign(env, settings);
  if (wasmPaths !== undefined && env.backends.onnx.wasm) {
    env.backends.onnx.wasm.wasmPaths = wasmPaths;
  }
  // A worker that a bundler started from a blob has no address that paths could be relative to.
  env.fetch = (input: string | URL, init?: RequestInit) =>
    fetch(typeof input === 'string' && input.startsWith('/') ? origin + input : input, init);
}

/** The weights are nearly all of it: until their size is known, no total is told. */
function progressOfFiles(onProgress: LoadContext['onProgress']): (info: ProgressInfo) => void {
  const files = new Map<string, { loaded: number; total: number }>();
  return (info) => {
    if (info.status !== 'progress') return;
    files.set(info.file, info);
    let loaded = 0;
    let total = 0;
    let weights = false;
    for (const [name, file] of files) {
      loaded += file.loaded;
      total += file.total;
      weights ||= name.endsWith('.onnx') && file.total > 0;
    }
    onProgress(loaded, weights ? total : null);
  };
}

/** Some models say how much they read in their tokenizer, some in their configuration only. */
function tokenLimit(asked: number | undefined, ofTokenizer: number, config: object): number {
  const ofModel: unknown = 'max_position_embeddings' in config && config.max_position_embeddings;
  const known = [asked, ofTokenizer < 1e6 ? ofTokenizer : ofModel];
  return Math.min(...known.filter((n) => typeof n === 'number'));
}

/** How many tokens a tokenizer puts after every text, such as `[SEP]`. */
function commonEnd(a: Tensor, b: Tensor): number {
  const [x, y] = [a.data as BigInt64Array, b.data as BigInt64Array];
  let n = 0;
  while (n < x.length && n < y.length && x.at(-1 - n) === y.at(-1 - n)) n++;
  return n;
}

/** Keeps what the tokenizer puts at the end, which the tokenizer's own truncation loses. */
function cutInputs(inputs: Inputs, limit: number, specialEnd: number): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => {
      const data = tensor.data as BigInt64Array;
      const cut = data.slice(0, limit);
      cut.set(data.subarray(data.length - specialEnd), limit - specialEnd);
      return [name, new Tensor('int64', cut, [1, limit])];
    }),
  );
}

/** One text without padding: every row is a token that counts. */
function pool(rows: Tensor, pooling: TransformersInit['pooling']): Float32Array<ArrayBuffer> {
  const [, tokens = 0, dimensions = 0] = rows.dims;
  const data = rows.data as Float32Array;
  const first = pooling === 'last_token' ? tokens - 1 : 0;
  const last = pooling === 'cls' ? 0 : tokens - 1;
  const sum = new Float64Array(dimensions);
  for (let token = first; token <= last; token++) {
    for (let i = 0; i < dimensions; i++) sum[i]! += data[token * dimensions + i]!;
  }
  return Float32Array.from(sum, (value) => value / (last - first + 1));
}
