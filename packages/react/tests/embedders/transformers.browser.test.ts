import { minilm } from '@akin/minilm';
import { transformers } from '@akin/react/embedders/transformers';
import type { TransformersOptions } from '@akin/react/embedders/transformers';
import type { VectorIndexError } from '@akin/react/embedders/worker';
import { expect, it, vi } from 'vitest';

// Tens of megabytes are loaded, on machines with other work to do.
vi.setConfig({ testTimeout: 120_000 });

const options: TransformersOptions = {
  model: 'all-MiniLM-L6-v2',
  dimensions: 384,
  maxTokens: 256,
  createWorker: () => new Worker('/built/transformers-worker.js', { type: 'module' }),
  env: {
    localModelPath: '/fixtures/transformers/',
    allowRemoteModels: false,
    useBrowserCache: false,
    useWasmCache: false,
    wasmPaths: '/fixtures/transformers-wasm/',
  },
};

const texts = [
  'This is an example sentence',
  'The lighthouse keeper wrote to his daughter every evening.',
  '',
  '  ',
  'naïve café 東京 🦀',
  Array.from({ length: 254 }, (_, i) => (i % 2 ? 'house' : 'garden')).join(' '),
  Array.from({ length: 255 }, (_, i) => (i % 2 ? 'house' : 'garden')).join(' '),
  'a long way '.repeat(20_000),
];

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

it('gives the vectors of the default embedder from the same files', async () => {
  const other = transformers(options);
  const own = minilm();
  const states: string[] = [];
  other.status.subscribe(() => states.push(other.status.get().state));
  const began = performance.now();
  await other.load();
  console.log(`transformers.js loaded in ${((performance.now() - began) / 1000).toFixed(2)} s`);
  expect(states[0]).toBe('loading');
  expect(states.at(-1)).toBe('ready');
  const [theirs, ours] = await Promise.all([
    other.embed(texts, { purpose: 'document' }),
    own.embed(texts, { purpose: 'document' }),
  ]);
  let largest = 0;
  let smallestCosine = 1;
  theirs.forEach(({ vector, truncated }, i) => {
    expect(truncated, `text ${i}`).toBe(ours[i]!.truncated);
    smallestCosine = Math.min(smallestCosine, dot(vector, ours[i]!.vector));
    vector.forEach((value, j) => {
      largest = Math.max(largest, Math.abs(value - ours[i]!.vector[j]!));
    });
  });
  console.log(
    `smallest cosine ${smallestCosine.toFixed(7)}, largest difference ${largest.toExponential(2)}`,
  );
  expect(smallestCosine).toBeGreaterThanOrEqual(0.9999);
  expect(ours.map(({ truncated }) => truncated)).toEqual([
    ...[false, false, false, false, false],
    ...[false, true, true],
  ]);
  other.close();
  own.close();
});

it('puts the prefix of the purpose in front, and pools as asked', async () => {
  const plain = transformers(options);
  const prefixed = transformers({
    ...options,
    pooling: 'cls',
    prefixes: { query: 'query: ', document: 'passage: ' },
  });
  const cls = transformers({ ...options, pooling: 'cls', normalize: false });
  expect(prefixed.id).not.toBe(plain.id);
  const [[query], [document], [spelled], [raw]] = await Promise.all([
    prefixed.embed(['rivers'], { purpose: 'query' }),
    prefixed.embed(['rivers'], { purpose: 'document' }),
    prefixed.embed(['ers'], { purpose: 'query' }),
    cls.embed(['query: rivers'], { purpose: 'document' }),
  ]);
  expect(dot(query!.vector, document!.vector)).toBeLessThan(0.999);
  expect(dot(query!.vector, spelled!.vector)).toBeLessThan(0.999);
  const length = Math.sqrt(dot(raw!.vector, raw!.vector));
  expect(Math.abs(length - 1)).toBeGreaterThan(0.01);
  expect(dot(query!.vector, raw!.vector) / length).toBeGreaterThan(0.99999);
  for (const embedder of [plain, prefixed, cls]) embedder.close();
});

it('says that the model is not there', async () => {
  const missing = transformers({ ...options, model: 'no-such-model' });
  const error = await missing.load().catch((thrown: unknown) => thrown as VectorIndexError);
  expect(error?.code).toBe('embed-failed');
  expect(missing.status.get().state).toBe('error');
  missing.close();
});

it('says that the announced dimensions are not those of the model', async () => {
  const wrong = transformers({ ...options, dimensions: 768 });
  const error = await wrong
    .embed(['text'], { purpose: 'query' })
    .catch((thrown: unknown) => thrown as VectorIndexError);
  expect(error).toMatchObject({ code: 'dimension-mismatch' });
  wrong.close();
});
