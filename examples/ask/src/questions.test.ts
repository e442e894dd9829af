import { describe, expect, it } from 'vitest';
import { sharedStems } from '../corpus/overlap.mjs';
import questions from '../corpus/questions.json' with { type: 'json' };
import suggestions from '../corpus/suggestions.json' with { type: 'json' };
import { buildCorpus } from '../scripts/build-corpus.mjs';

const textsById = new Map(
  buildCorpus().documents.flatMap(({ passages }) => passages.map(({ id, text }) => [id, text])),
);

describe('the questions', () => {
  it('are thirty, and none twice', () => {
    expect(new Set(questions.map(({ question }) => question)).size).toBe(30);
    expect(questions).toHaveLength(30);
  });

  it('expect passages that exist', () => {
    const missing = questions.flatMap(({ expects }) => expects.filter((id) => !textsById.has(id)));
    expect(missing).toEqual([]);
    expect(questions.filter(({ expects }) => expects.length === 0)).toEqual([]);
  });

  it('are in other words: one stem outside stop words at most is shared with each passage', () => {
    const close = questions.flatMap(({ question, expects }) =>
      expects
        .map((id) => ({ question, id, shared: sharedStems(question, textsById.get(id) ?? '') }))
        .filter(({ shared }) => shared.length > 1),
    );
    expect(close).toEqual([]);
  });

  it('are not among the suggestions', () => {
    const asked = new Set(questions.map(({ question }) => question));
    expect(suggestions.filter((suggestion) => asked.has(suggestion))).toEqual([]);
  });
});
