import assert from 'node:assert/strict';
import { Blob, Buffer } from 'node:buffer';
import { test } from 'node:test';
import { serialize } from 'node:v8';
import { cloneSize } from '../storage/clone-size.mjs';

const rows = {
  // Each in a field of its own: in an array with fractions, V8 writes all alike.
  small: { a: 0, b: 1, c: -1, d: 63, e: 64, f: -64, g: -65, h: 2 ** 29, i: 2 ** 30 - 1 },
  large: { a: 2 ** 31, b: 1.5, c: -0, d: 1_795_708_165_120, e: 4_294_967_295 },
  texts: { empty: '', narrow: 'Ångström', long: 'x'.repeat(300), 'a key': null, no: undefined },
  nested: { yes: true, list: ['a', ['b', {}], []], deep: { deeper: { deepest: 1 } } },
  document: {
    namespace: 'default',
    id: 'passage-17',
    text: 'My fellow citizens: '.repeat(20),
    metadata: { title: 'George W. Bush, 2007', at: 3 },
    truncated: false,
    createdAt: 1_795_708_165_120,
    pack: 1_000,
    checksum: 4_294_967_295,
  },
  pack: { ids: ['a', null], data: new Float32Array(384 * 16).buffer },
};

for (const [name, row] of Object.entries(rows)) {
  test(`the size of a clone is what Node writes: ${name}`, () => {
    assert.equal(cloneSize(row), serialize(row).length);
  });
}

test('wide texts take two bytes a character, and perhaps one to align them', () => {
  const row = { text: 'Привет' };
  const written = serialize(row).length;
  assert.ok(written - cloneSize(row) <= 1 && written >= cloneSize(row));
});

test('a Blob counts with its bytes', () => {
  assert.equal(cloneSize(new Blob([Buffer.alloc(1_000)])), 1_002);
});
