import { universalSentenceEncoder } from '@akin/react/embedders/tensorflow';
import type { VectorIndexError } from '@akin/react/embedders/worker';
import { expect, it, vi } from 'vitest';

// Tens of megabytes are loaded, on machines with other work to do.
vi.setConfig({ testTimeout: 120_000 });

const options = {
  modelUrl: '/fixtures/use/model.json',
  vocabUrl: '/fixtures/use/vocab.json',
  wasmPaths: '/fixtures/tfjs-wasm/',
};

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

it('orders sentences by meaning', async () => {
  const embedder = universalSentenceEncoder(options);
  expect(embedder.dimensions).toBe(512);
  const began = performance.now();
  await embedder.load();
  const loaded = performance.now();
  const texts = [
    'How do I reset my password?',
    'Steps to change the sign-in code of your account',
    'The recipe needs two eggs and a cup of flour.',
    'The bridge was closed because of heavy snow.',
  ];
  const embeddings = await embedder.embed(texts, { purpose: 'document' });
  const first = performance.now();
  await embedder.embed(texts, { purpose: 'document' });
  console.log(
    `Universal Sentence Encoder: loaded in ${((loaded - began) / 1000).toFixed(2)} s, first four ` +
      `${(first - loaded).toFixed(0)} ms, then ${((performance.now() - first) / 4).toFixed(1)} ms a sentence`,
  );
  const [question, same, ...others] = embeddings.map(({ vector }) => vector);
  for (const { vector, truncated } of embeddings) {
    expect(vector.length).toBe(512);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
    expect(truncated).toBe(false);
  }
  for (const other of others) {
    expect(dot(question!, same!)).toBeGreaterThan(dot(question!, other) + 0.1);
  }
  embedder.close();
});

it('takes empty and odd texts, and reports what is longer than 128 tokens', async () => {
  const embedder = universalSentenceEncoder(options);
  const words = (n: number) => Array.from({ length: n }, () => 'the').join(' ');
  const embeddings = await embedder.embed(
    [
      '',
      '   ',
      '🦀',
      '東京 مرحبا',
      '\uD83E',
      'x'.repeat(10_000),
      '🦀'.repeat(300_000),
      words(128),
      words(129),
      words(5_000),
    ],
    { purpose: 'document' },
  );
  for (const { vector } of embeddings) {
    expect(vector.every(Number.isFinite)).toBe(true);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
  }
  expect(embeddings.map(({ truncated }) => truncated)).toEqual([
    ...[false, false, false, false, false],
    ...[true, true],
    ...[false, true, true],
  ]);
  // What is reported as unread really is: the same vector without it.
  expect(dot(embeddings.at(-2)!.vector, embeddings.at(-3)!.vector)).toBeCloseTo(1, 5);
  expect(dot(embeddings.at(-1)!.vector, embeddings.at(-3)!.vector)).toBeCloseTo(1, 5);
  embedder.close();
});

it('says which file is missing, and works once it is there', async () => {
  const failure = (embedder: ReturnType<typeof universalSentenceEncoder>) =>
    embedder.load().then(
      () => undefined,
      (thrown: unknown) => thrown as VectorIndexError,
    );
  const noWasm = universalSentenceEncoder({ ...options, wasmPaths: '/fixtures/nowhere/' });
  expect((await failure(noWasm))?.code).toBe('wasm-load');
  const noVocabulary = universalSentenceEncoder({
    ...options,
    vocabUrl: `/fixtures/missing-once/${Math.random()}/use/vocab.json`,
  });
  const error = await failure(noVocabulary);
  expect(error?.code).toBe('embed-failed');
  expect(error?.message).toContain('vocabulary');
  expect(await failure(noVocabulary)).toBeUndefined();
  noWasm.close();
  noVocabulary.close();
});
