import { describe, expect, test } from 'vitest';
import { checkFilter } from '../../src/worker/filter.ts';
import { matchesFilter } from '../../src/worker/filter-match.ts';

const at = (text: string) => new Date(text);
const documents = {
  note: { kind: 'note', year: 2020, tags: ['a', 'b'], pinned: true, at: at('2020-05-01') },
  mail: { kind: 'mail', year: 2021, tags: ['b'], pinned: false, at: at('2021-05-01') },
  old: { kind: 'note', year: 1999, tags: [], pinned: null },
  odd: { kind: 7, year: '2020', tags: 'a', at: '2020-05-01T00:00:00.000Z' },
  empty: {},
};

function found(filter: unknown): string[] {
  const checked = checkFilter(filter);
  if (!checked) throw new Error('There is no filter.');
  return Object.entries(documents)
    .filter(([, metadata]) => matchesFilter(checked, metadata))
    .map(([name]) => name);
}

describe('a filter lets through', () => {
  test.each<[string, unknown, string[]]>([
    ['everything when it says nothing', {}, ['note', 'mail', 'old', 'odd', 'empty']],
    ['what is equal', { kind: 'note' }, ['note', 'old']],
    ['all fields together', { kind: 'note', year: 1999 }, ['old']],
    ['numbers that are no strings', { year: 2020 }, ['note']],
    ['strings that are no numbers', { year: '2020' }, ['odd']],
    ['booleans', { pinned: false }, ['mail']],
    ['null, which is not absent', { pinned: null }, ['old']],
    ['dates by their moment', { at: at('2020-05-01') }, ['note']],
    ['no date for the string that it is in JSON', { at: '2020-05-01T00:00:00.000Z' }, ['odd']],
    ['one of several', { year: { in: [1999, 2021] } }, ['mail', 'old']],
    ['none of none', { year: { in: [] } }, []],
    ['eq and in both', { year: { eq: 2021, in: [1999, 2021] } }, ['mail']],
    ['eq and in that disagree', { year: { eq: 2020, in: [1999, 2021] } }, []],
    ['ranges of numbers', { year: { gt: 1999, lte: 2020 } }, ['note']],
    ['closed ranges', { year: { gte: 1999, lt: 2021 } }, ['note', 'old']],
    ['ranges of strings', { kind: { gt: 'mail' } }, ['note', 'old']],
    ['ranges of dates', { at: { gte: at('2021-01-01') } }, ['mail']],
    ['an element of an array', { tags: 'a' }, ['note', 'odd']],
    ['any element of several', { tags: { in: ['b', 'c'] } }, ['note', 'mail']],
    ['one element within both bounds', { tags: { gte: 'b', lt: 'c' } }, ['note', 'mail']],
    ['what is there', { pinned: { exists: true } }, ['note', 'mail', 'old']],
    ['what is not there', { at: { exists: false } }, ['old', 'empty']],
    ['nothing of what every object has', { toString: { exists: true } }, []],
    ['and', { and: [{ kind: 'note' }, { year: { gt: 2000 } }] }, ['note']],
    ['or', { or: [{ kind: 'mail' }, { year: 1999 }] }, ['mail', 'old']],
    ['not', { not: { kind: 'note' } }, ['mail', 'odd', 'empty']],
    ['and of nothing', { and: [] }, ['note', 'mail', 'old', 'odd', 'empty']],
    ['or of nothing', { or: [] }, []],
    ['or within not', { not: { or: [{ kind: 'note' }, { kind: 'mail' }] } }, ['odd', 'empty']],
  ])('%s', (_, filter, expected) => {
    expect(found(filter)).toEqual(expected);
  });

  test('strings that look like what dates are kept as', () => {
    const key = `\0${at('2020-05-01').getTime()}`;
    const checked = checkFilter({ at: key });
    expect(checked && matchesFilter(checked, { at: at('2020-05-01') })).toBe(false);
    expect(checked && matchesFilter(checked, { at: key })).toBe(true);
  });
});

describe('refused with a sentence', () => {
  const loop: { and: unknown[] } = { and: [] };
  loop.and.push(loop);
  test.each<[string, unknown, RegExp]>([
    ['no object', 'kind', /no object/],
    ['null', null, /no object/],
    ['an array', [{ kind: 'note' }], /no object/],
    ['an undefined value', { kind: undefined }, /`kind` with undefined/],
    ['null as a bound', { year: { gt: null } }, /greater or less/],
    ['null as the other bound', { year: { lt: null } }, /greater or less/],
    ['an undefined operand', { year: { gte: undefined } }, /`year` with undefined/],
    ['NaN', { year: Number.NaN }, /`year`/],
    ['a date that is none', { at: new Date('never') }, /`at`/],
    ['an array of values', { tags: ['a'] }, /`tags`/],
    ['an operator that is none', { year: { $gte: 3 } }, /`\$gte`, which is no operator/],
    ['no operator', { year: {} }, /says nothing of `year`/],
    ['a range of booleans', { pinned: { gt: false } }, /greater or less/],
    ['both of a kind', { year: { gt: 1, gte: 2 } }, /both gt and gte/],
    ['in without an array', { year: { in: 3 } }, /no array/],
    ['undefined among others', { year: { in: [3, undefined] } }, /`year` with undefined/],
    ['exists without a boolean', { year: { exists: 'yes' } }, /no boolean/],
    ['or beside a field', { kind: 'note', or: [] }, /other fields beside/],
    ['or without an array', { or: { kind: 'note' } }, /no array/],
    ['a part that is none', { and: [undefined] }, /no object/],
    ['a filter that holds itself', loop, /deep/],
  ])('%s', (_, filter, message) => {
    expect(() => checkFilter(filter)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.stringMatching(message) as string,
      }),
    );
  });
});
