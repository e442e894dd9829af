import { expect, test } from 'vitest';
import { createQueryVectors } from '../../src/core/query-vectors.ts';
import type { Embedder } from '../../src/core/types.ts';

function countingEmbedder() {
  const asked: string[] = [];
  const embedder: Embedder = {
    id: 'counting',
    dimensions: 1,
    embed: (texts) => {
      asked.push(...texts);
      return Promise.resolve(
        texts.map((text) => ({ vector: new Float32Array([text.length]), truncated: false })),
      );
    },
  };
  return { asked, embedder };
}

test('a text asked again is not embedded again', async () => {
  const { asked, embedder } = countingEmbedder();
  const queries = createQueryVectors(embedder);
  const first = await queries.get('cats', undefined);
  expect(await queries.get('cats', undefined)).toBe(first);
  expect(asked).toEqual(['cats']);
});

test('the texts asked longest ago are let go', async () => {
  const { asked, embedder } = countingEmbedder();
  const queries = createQueryVectors(embedder);
  for (let number = 0; number < 64; number++) await queries.get(`text ${number}`, undefined);
  await queries.get('text 0', undefined);
  await queries.get('one more', undefined);
  asked.length = 0;
  await queries.get('text 0', undefined);
  expect(asked).toEqual([]);
  await queries.get('text 1', undefined);
  expect(asked).toEqual(['text 1']);
});

test('an aborted question leaves nothing behind', async () => {
  const { asked, embedder } = countingEmbedder();
  const queries = createQueryVectors(embedder);
  await expect(queries.get('cats', AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  await queries.get('cats', undefined);
  expect(asked).toEqual(['cats']);
});
