import { describe, expect, test, vi } from 'vitest';
import { bandOfCosine } from '../../src/components/score/band.ts';
import { englishLabels } from '../../src/components/search-box/labels.ts';
import { excerptStart } from '../../src/components/text/excerpt.ts';
import { queryWords, wordPattern } from '../../src/components/text/query-words.ts';
import { VectorIndexError } from '../../src/core/errors.ts';

const matches = (query: string, text: string) => {
  const pattern = wordPattern(queryWords(query));
  return pattern === null ? [] : [...text.matchAll(pattern)].map(([match]) => match);
};

describe('words of a query', () => {
  test('are found whole and in any case, stop words never', () => {
    expect(matches('How do the whales sing?', 'Whales sing. The whaleship does not.')).toEqual([
      'Whales',
      'sing',
    ]);
    expect(matches('who was it', 'It was he who asked.')).toEqual([]);
  });

  test('may hold anything that means something in a pattern', () => {
    expect(matches('c++ (and) a|b [x]* .+', 'c++ .+ a|b')).toEqual([]);
    expect(matches("don't", "I don't know")).toEqual(["don't"]);
  });

  test('are found inside text that is written without spaces', () => {
    expect(matches('交通', '公共交通の料金')).toEqual(['交通']);
    expect(matches('ÜBER', 'über Überzeugung')).toEqual(['über']);
  });

  test('keep the marks that belong to their letters', () => {
    expect(matches('हिन्दी', 'मुझे हिन्दी आती है, हिन्दीतर नहीं।')).toEqual(['हिन्दी']);
    const cafe = 'cafe\u0301';
    expect(matches(cafe, `un ${cafe}, des ${cafe}s`)).toEqual([cafe]);
    expect(matches('caf', `un ${cafe}`)).toEqual([]);
  });

  test('are folded the same way in every language', () => {
    // What a browser in Turkish does.
    const inTurkish = function (this: string) {
      return this.replaceAll('I', 'ı').toLowerCase();
    };
    const spy = vi.spyOn(String.prototype, 'toLocaleLowerCase').mockImplementation(inTurkish);
    const found = matches('IS IT INTERESTING?', 'Interesting it is');
    spy.mockRestore();
    expect(found).toEqual(['Interesting']);
    expect(matches('istanbul', 'İstanbul, ISTANBUL, istanbul')).toHaveLength(3);
    expect(matches('İstanbul ışık', 'İstanbul’da Işık, IŞIK')).toEqual([
      'İstanbul',
      'Işık',
      'IŞIK',
    ]);
  });
});

test('an excerpt starts at the sentence that holds most of the words, when it is far down', () => {
  const filler = 'Nothing to see in this sentence at all. '.repeat(6);
  const text = `${filler}Here the whales sing for the seals.`;
  const pattern = wordPattern(queryWords('whales and seals'));
  expect(text.slice(excerptStart(text, pattern))).toBe('Here the whales sing for the seals.');
  expect(excerptStart('The whales sing. Seals rest.', pattern)).toBe(0);
  expect(excerptStart(text, wordPattern([]))).toBe(0);
});

test('bands', () => {
  expect([0.7, 0.45, 0.44, 0.3, 0.29, -1].map(bandOfCosine)).toEqual([
    ...['strong', 'strong', 'good', 'good', 'weak', 'weak'],
  ]);
});

describe('English', () => {
  test('counts and times', () => {
    expect(englishLabels.announceResults(1, 'a')).toBe('1 result for “a”.');
    const line = (secondsLeft: number | null) =>
      englishLabels.indexing({ searchable: 1204, total: 2310, secondsLeft });
    expect(line(null)).toBe('Searching 1,204 of 2,310 passages');
    expect(line(37)).toBe('Searching 1,204 of 2,310 passages · 40 s left');
    expect(line(4)).toBe('Searching 1,204 of 2,310 passages · 4 s left');
    expect(line(125)).toBe('Searching 1,204 of 2,310 passages · 2 min left');
    expect(englishLabels.loadingModel(23_600_000)).toBe('Getting the language model, 24 MB, once');
  });

  test('a failure that has no words of its own says what the error says', () => {
    const error = new VectorIndexError('corrupt', 'A row was damaged.', 'Insert it again.');
    expect(englishLabels.failure(error)).toEqual({
      title: 'A row was damaged.',
      detail: 'Insert it again.',
    });
  });
});
