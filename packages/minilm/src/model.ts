import { toUnitLength } from '@akin/react/embedders/worker';
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';

export interface SentenceModel {
  /** The unit-length mean of the token vectors. */
  readonly run: (ids: readonly number[]) => Promise<Float32Array<ArrayBuffer>>;
}

/** One thread, the given WebAssembly, and nothing fetched. */
export async function createModel(
  model: Uint8Array<ArrayBuffer>,
  wasm: ArrayBuffer,
): Promise<SentenceModel> {
  env.logLevel = 'error';
  env.wasm.numThreads = 1;
  env.wasm.proxy = false;
  env.wasm.wasmBinary = wasm;
  const session = await InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  // Compiled by now: 14 MB that the worker need not keep.
  delete env.wasm.wasmBinary;
  return {
    async run(ids) {
      const shape = [1, ids.length];
      const { last_hidden_state: output } = await session.run({
        input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
        attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
        token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
      });
      const vector = meanOfRows(output!.data as Float32Array, output!.dims[2]!);
      output!.dispose();
      return toUnitLength(vector);
    },
  };
}

/** Without padding every token counts. Unit length follows, so the sum is as good as the mean. */
function meanOfRows(rows: Float32Array, dimensions: number): Float32Array<ArrayBuffer> {
  const sum = new Float64Array(dimensions);
  for (let at = 0; at < rows.length; at += dimensions) {
    for (let i = 0; i < dimensions; i++) sum[i]! += rows[at + i]!;
  }
  return Float32Array.from(sum, (value) => (value * dimensions) / rows.length);
}
