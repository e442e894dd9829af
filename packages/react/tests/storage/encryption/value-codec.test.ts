import { describe, expect, test } from 'vitest';
import { decodeValue, encodeValue } from '../../../src/storage/encryption/value-codec.ts';
import { createRandom } from '../crash/workload.ts';

const VALUES: readonly (readonly [string, unknown])[] = [
  ['primitives', [undefined, null, true, false, 0, -0, 1.5, NaN, Infinity, -Infinity, 2 ** 53]],
  ['big integers', [0n, -1n, 2n ** 200n]],
  ['texts', ['', 'ascii', 'größer', '日本語', '😀', '\uFEFFmark', 'a\0b']],
  ['half a surrogate pair', ['\uD800', 'a\uDFFFb', '\uD83D and \uDE00']],
  ['nesting', { a: [{ b: { c: [[], {}] } }], d: '' }],
  ['the order of keys', { z: 1, a: 2, '10': 3 }],
  ['a key that is special', JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}')],
  ['dates', [new Date(0), new Date(NaN)]],
  [
    'maps and sets',
    new Map<unknown, unknown>([
      ['a', new Set([1, new Map()])],
      [{}, 2],
    ]),
  ],
  ['patterns', [/a\/b/giu, new RegExp('')]],
  ['buffers', [new ArrayBuffer(0), Uint8Array.of(1, 2, 3).buffer]],
  [
    'views',
    [
      Float32Array.of(1, -2.5),
      new Uint8Array([9, 8, 7, 6]).subarray(1, 3),
      Int16Array.of(-1),
      BigInt64Array.of(-5n),
      new DataView(new ArrayBuffer(3)),
    ],
  ],
];

describe('values as bytes', () => {
  test.for(VALUES)('%s come back as they were', ([, value]) => {
    const back = decodeValue(encodeValue(value));
    expect(back).toStrictEqual(structuredClone(value));
    if (typeof value === 'object' && value !== null) {
      expect(Object.keys(back as object)).toEqual(Object.keys(value));
    }
  });

  test('negative zero keeps its sign', () => {
    expect(Object.is(decodeValue(encodeValue(-0)), -0)).toBe(true);
  });

  test('errors keep their kind and message', () => {
    const back = decodeValue(encodeValue(new TypeError('what')));
    expect(back).toBeInstanceOf(TypeError);
    expect((back as TypeError).message).toBe('what');
  });

  test('different values have different bytes', () => {
    const values = [
      '1',
      1,
      1n,
      [1],
      ['1'],
      { 1: 1 },
      new Set([1]),
      ['a', 'bc'],
      ['ab', 'c'],
      '\uD800',
      '\uD801',
    ];
    const texts = values.map((value) => String(encodeValue(value)));
    expect(new Set(texts).size).toBe(values.length);
  });

  test('what has no form is refused, typed, and the next value is not disturbed', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const value of [() => 1, Symbol('x'), new Blob(['x']), cycle, new URL('https://a.b')]) {
      expect(() => encodeValue({ value })).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      );
    }
    expect(decodeValue(encodeValue({ fine: 1 }))).toEqual({ fine: 1 });
  });

  test('the same object twice is no cycle', () => {
    const shared = { a: 1 };
    expect(decodeValue(encodeValue([shared, shared]))).toEqual([shared, shared]);
  });

  test('bytes that are cut or left over are no value', () => {
    const bytes = encodeValue({ a: ['text', 1, new Map([[1, 2]])], b: Uint8Array.of(1, 2) });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeValue(bytes.slice(0, length))).toThrow();
    }
    expect(() => decodeValue(new Uint8Array([...bytes, 0]))).toThrow();
  });

  test('random values come back', () => {
    const seed = Number(process.env.AKIN_SEED ?? 3);
    const random = createRandom(seed);
    const make = (depth: number): unknown => {
      const kind = random(depth > 3 ? 5 : 8);
      const many = () => Array.from({ length: random(4) }, () => make(depth + 1));
      if (kind === 0) return random(1_000_000) / 7;
      if (kind === 1)
        return String.fromCharCode(...Array.from({ length: random(9) }, () => random(65_536)));
      if (kind === 2) return Uint16Array.from({ length: random(5) }, () => random(65_536));
      if (kind === 3) return random(2) === 0 ? null : undefined;
      if (kind === 4) return BigInt(random(1_000)) - 500n;
      if (kind === 5) return many();
      if (kind === 6) return new Map(many().map((value, key) => [key, value]));
      return Object.fromEntries(many().map((value) => [`k${random(1_000)}`, value]));
    };
    for (let number = 0; number < 2_000; number++) {
      const value = make(0);
      expect(decodeValue(encodeValue(value)), `value ${number} of seed ${seed}`).toStrictEqual(
        value,
      );
    }
  });
});
