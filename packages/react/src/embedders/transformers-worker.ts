import { env, pipeline } from '@huggingface/transformers';
import type { DataType, DeviceType, ProgressInfo } from '@huggingface/transformers';
import { VectorIndexError } from '../core/errors.ts';
import type { TransformersInit } from './transformers.ts';
import { readableStart } from './worker-kit/reading.ts';
import { serveEmbedder } from './worker-kit/serve.ts';
import { toUnitLength } from './worker-kit/unit-length.ts';

/** The part of a tensor that pooling needs. */
interface Rows {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

serveEmbedder<TransformersInit>({
  async load(init, { onProgress }) {
    const { wasmPaths, ...settings } = init.env;
    Object.assign(env, settings);
    if (wasmPaths !== undefined && env.backends.onnx.wasm) {
      env.backends.onnx.wasm.wasmPaths = wasmPaths;
    }
    const { model, tokenizer } = await pipeline('feature-extraction', init.model, {
      device: init.device as DeviceType,
      dtype: init.dtype as DataType,
      ...(init.revision === undefined ? {} : { revision: init.revision }),
      progress_callback: (info: ProgressInfo) => {
        if (info.status === 'progress_total') onProgress(info.loaded, info.total || null);
      },
    });
    const limit = tokenLimit(
      init.maxTokens,
      tokenizer.model_max_length as number,
      model.config as object,
    );
    // Without truncation, so that it is known what was left out.
    const count = (text: string): number =>
      tokenizer(text, { return_tensor: false }).input_ids.length;

    return {
      async embed(text, { purpose }) {
        const start = readableStart(
          init.prefixes[purpose] + text,
          limit * 16,
          (part) => count(part) > limit * 2,
        );
        const truncated = count(start) > limit;
        const inputs: unknown = tokenizer(
          start,
          truncated ? { truncation: true, max_length: limit } : {},
        );
        const outputs = (await model(inputs)) as Record<string, Rows | undefined>;
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

/** Some models say how much they read in their tokenizer, some in their configuration only. */
function tokenLimit(asked: number | undefined, ofTokenizer: number, config: object): number {
  const ofModel: unknown = 'max_position_embeddings' in config && config.max_position_embeddings;
  const known = [asked, ofTokenizer < 1e6 ? ofTokenizer : ofModel];
  return Math.min(...known.filter((n) => typeof n === 'number'));
}

/** One text without padding: every row is a token that counts. */
function pool(
  { dims, data }: Rows,
  pooling: TransformersInit['pooling'],
): Float32Array<ArrayBuffer> {
  const [, tokens = 0, dimensions = 0] = dims;
  const first = pooling === 'last_token' ? tokens - 1 : 0;
  const last = pooling === 'cls' ? 0 : tokens - 1;
  const sum = new Float64Array(dimensions);
  for (let token = first; token <= last; token++) {
    for (let i = 0; i < dimensions; i++) sum[i]! += Number(data[token * dimensions + i]);
  }
  return Float32Array.from(sum, (value) => value / (last - first + 1));
}
