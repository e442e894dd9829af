import { describe, expect, test } from 'vitest';
import { encodeCanonical, sameCanonical } from '../../src/storage/canonical.ts';
import { crc32c } from '../../src/storage/checksum.ts';
import { isIntact, seal } from '../../src/storage/schema.ts';
import type { HeadRow } from '../../src/storage/schema.ts';

describe('crc32c', () => {
  test.each([
    // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
    ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
    ['nothing', new Uint8Array(0), 0],
  ])('%s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test('goes on where it stopped, at any byte', () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, at) => (at * 37) & 0xff);
    for (let cut = 0; cut <= 40; cut++) {
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes));
    }
  });
});

describe('canonical encoding', () => {
  test('the order of keys does not matter, of items it does', () => {
    expect(sameCanonical({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(sameCanonical([1, 2], [2, 1])).toBe(false);
  });

  const distinct = [
    undefined,
    null,
    0,
    '0',
    0n,
    false,
    '',
    [],
    [[]],
    {},
    { a: undefined },
    { a: '' },
    { a: 'bc' },
    { ab: 'c' },
    ['a', 'b'],
    ['ab', ''],
    new Date(0),
    new Map([[1, 2]]),
    new Set([1, 2]),
    new Uint8Array([1, 2]),
    new Int8Array([1, 2]),
    new Uint8Array([1, 2]).buffer,
    /a/u,
    /a/,
    NaN,
  ];

  test('different values have different bytes', () => {
    const encodings = new Set(distinct.map((value) => encodeCanonical(value).join()));
    expect(encodings.size).toBe(distinct.length);
  });

  test('a copy has the same bytes', () => {
    for (const value of distinct) expect(sameCanonical(value, structuredClone(value))).toBe(true);
  });

  test('halves of surrogate pairs are told apart, in the same bytes', () => {
    // The units of the one before the last are the UTF-8 of the last.
    const confusing = ['\ud841\ue1bf\u8080', 'A\u063f\u1000'];
    const halves: unknown[] = ['\ud83d', '\ude00', '\ufffd', '\ud83d\ude00', ...confusing];
    const values = halves.flatMap((half) => [half, [half], { a: half }, { [String(half)]: 1 }]);
    values.forEach((left, at) =>
      values.forEach((right, other) => {
        expect(sameCanonical(left, structuredClone(right))).toBe(at === other);
      }),
    );
    // Rows that are stored have the checksum of these.
    expect(encodeCanonical('\ud83d')).toEqual(encodeCanonical('\ude00'));
    expect(encodeCanonical('\ud83d')).toEqual(encodeCanonical('\ufffd'));
  });

  test('a cycle ends, and what cannot be read is never the same', () => {
    const cyclic: Record<string, unknown> = { a: 1 };
    cyclic.self = cyclic;
    expect(sameCanonical(cyclic, structuredClone(cyclic))).toBe(true);
    expect(sameCanonical({ file: new Blob(['x']) }, { file: new Blob(['x']) })).toBe(false);
  });

  test('cycles that come back to different objects are different', () => {
    const outer: { inner: Record<string, unknown> } = { inner: {} };
    outer.inner.back = outer;
    const inner: { inner: Record<string, unknown> } = { inner: {} };
    inner.inner.back = inner.inner;
    expect(sameCanonical(outer, inner)).toBe(false);
    expect(sameCanonical(inner, structuredClone(inner))).toBe(true);
    // Rows that are stored have the checksum of these.
    expect(encodeCanonical(outer)).toEqual(encodeCanonical(inner));
  });
});

test('a sealed row shows any change', () => {
  const row = seal<HeadRow>({ key: 'head', seq: 4, documentCount: 2 });
  expect(isIntact(row)).toBe(true);
  expect(isIntact({ ...row, seq: 5 })).toBe(false);
  expect(isIntact({ ...row, more: 1 } as HeadRow)).toBe(false);
});
