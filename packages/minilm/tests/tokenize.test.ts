import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createTokenizer } from '../src/tokenize.ts';
import reference from './reference.json';

const json = await readFile(new URL('../model/tokenizer.json', import.meta.url), 'utf8');
const tokenize = createTokenizer(json);
const words = (n: number) => Array.from({ length: n }, (_, i) => `word${i % 7}`).join(' ');

it('gives the ids of the reference', () => {
  for (const { text, ids } of reference) expect(tokenize(text)).toEqual({ ids, truncated: false });
  expect(tokenize('')).toEqual({ ids: [101, 102], truncated: false });
  expect(tokenize(' \n ')).toEqual({ ids: [101, 102], truncated: false });
});

it('cuts at 256 tokens, keeps the separator last, and says so', () => {
  const house = (n: number) => 'house '.repeat(n);
  expect(tokenize(house(254))).toMatchObject({ truncated: false });
  expect(tokenize(house(254)).ids).toHaveLength(256);
  const cut = tokenize(house(255));
  expect(cut.truncated).toBe(true);
  expect(cut.ids).toEqual(tokenize(house(254)).ids);
});

it('reads the beginning of a long text as it reads the whole', () => {
  const whole = createTokenizer(json);
  // Just below the length where only a part is looked at, and far above it.
  const short = words(580);
  expect(short.length).toBeLessThan(4096);
  expect(whole(words(100_000)).ids).toEqual(whole(short).ids);
  // Long stretches that give few tokens or none.
  const ends = `${' '.repeat(5_000)}${'x'.repeat(20_000)} ${'\u0301'.repeat(30_000)} end`;
  expect(tokenize(ends)).toEqual({ ids: tokenize(`${'x'.repeat(200)} end`).ids, truncated: false });
});
