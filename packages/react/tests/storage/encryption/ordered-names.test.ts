import { describe, expect, test } from 'vitest';
import { createOrderedNames } from '../../../src/storage/encryption/ordered-names.ts';
import { namespaceRange } from '../../../src/storage/commit.ts';
import type { DocumentKey } from '../../../src/storage/schema.ts';

const keyOf = (id: string, namespace = 'n'): DocumentKey => [namespace, id];
const idOf = (number: number) => `d${String(number).padStart(5, '0')}`;

const put = (...ids: string[]) => ids.map((id) => ({ key: keyOf(id), row: {} }));
const removed = (...ids: string[]) => ids.map((id) => ({ key: keyOf(id), row: null }));

/** A key that tells whenever its id is looked at. */
function watched(id: string, onRead: () => void): DocumentKey {
  const key = ['n', id];
  Object.defineProperty(key, 1, {
    get() {
      onRead();
      return id;
    },
  });
  return key as unknown as DocumentKey;
}

test('a write looks at few of many names', () => {
  let reads = 0;
  const names = createOrderedNames();
  const all = Array.from({ length: 4_096 }, (_, number) => watched(idOf(number), () => reads++));
  names.learn('n', 0, all, []);
  reads = 0;
  names.follow(0, 1, [...put(`${idOf(2_000)}-new`, idOf(7)), ...removed(idOf(3_000))]);
  expect(names.version).toBe(1);
  expect(reads).toBeLessThan(200);
});

describe('the order of names follows', () => {
  const known = (given: readonly string[], unreadable: readonly DocumentKey[] = []) => {
    const names = createOrderedNames();
    names.learn(
      'n',
      0,
      given.map((id) => keyOf(id)),
      unreadable,
    );
    const find = (range = {}) =>
      names.find('n', { ...namespaceRange('n'), ...range })?.map(([, id]) => id);
    return { names, find };
  };

  test('what is put and removed, and nothing of other namespaces', () => {
    const { names, find } = known(['b', 'd', 'f']);
    names.follow(0, 1, put('g', 'a', 'b', 'e'));
    expect(find()).toEqual(['a', 'b', 'd', 'e', 'f', 'g']);
    const other = keyOf('b', 'other');
    names.follow(1, 2, [{ key: other, row: {} }, ...removed('a', 'f', 'none', 'g')]);
    names.follow(2, 3, [{ key: other, row: null }]);
    expect(find()).toEqual(['b', 'd', 'e']);
    expect(find({ from: undefined, above: keyOf('b'), limit: 1 })).toEqual(['d']);
    names.follow(3, 4, removed('b', 'd', 'e'));
    expect(find()).toEqual([]);
  });

  test('what is damaged only until another document is written: it may be that one', () => {
    const hashed = keyOf('hash of c', 'hash of n');
    const { names, find } = known(['a', 'b'], [hashed]);
    names.follow(0, 1, [...put('a'), ...removed('b')]);
    expect(find()).toEqual(['a', 'hash of c']);
    for (const changes of [put('c'), removed('c'), [{ key: hashed, row: null }]]) {
      const damaged = known(['a'], [hashed]);
      damaged.names.follow(0, 1, changes);
      expect(damaged.find()).toBeUndefined();
    }
  });

  test('no other state of the table', () => {
    const { names, find } = known(['a']);
    names.follow(1, 2, put('b'));
    expect(find()).toBeUndefined();
  });
});
