import { expect, test } from 'vitest';
import { checkFilter } from '../../src/worker/filter.ts';
import { matchesFilter } from '../../src/worker/filter-match.ts';
import type { Metadata } from '../../src/core/types.ts';
import { countBits, createColumns, forEachBit } from '../../src/worker/columns.ts';
import type { Columns } from '../../src/worker/columns.ts';
import { SEGMENT_SLOTS } from '../../src/worker/slot-segment.ts';

/** Mulberry32. */
function createRandom(seed: number) {
  return (below: number) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const seed = Number(process.env.AKIN_SEED ?? Date.now() % 1_000_000);
const SLOTS = 200;

/** Few values, so that they meet. */
function randomValue(random: (below: number) => number): unknown {
  const scalar = () =>
    [
      random(4),
      String(random(4)),
      random(2) === 0,
      null,
      new Date(random(3)),
      [Infinity, -Infinity, NaN, -0, '\0\ud800'][random(5)],
    ][random(6)];
  return [scalar(), scalar(), [scalar(), scalar()], undefined, { deep: 1 }, []][random(6)];
}

function randomFilter(random: (below: number) => number, depth = 0): unknown {
  const parts = () => Array.from({ length: random(4) }, () => randomFilter(random, depth + 1));
  const field = 'abc'[random(3)] ?? 'a';
  switch (depth > 3 ? 3 : random(11)) {
    case 0:
      return { and: parts() };
    case 1:
      return { or: parts() };
    case 2:
      return { not: randomFilter(random, depth + 1) };
    case 3:
      return { [field]: random(4) };
    case 4:
      return { [field]: { gte: String(random(4)) } };
    case 5:
      return { [field]: { in: [random(4), null, new Date(random(3))] } };
    case 6:
      return { [field]: { gt: new Date(random(3)), ...(random(2) && { lte: new Date(2) }) } };
    case 7:
      return { [field]: { gt: random(3), lt: random(2) ? 3 : '3' } };
    case 8:
      return { [field]: { gte: -Infinity, exists: random(2) === 0 } };
    case 9:
      return { [field]: { in: [1, '2', new Date(1)], gte: 1 } };
    default:
      return { [field]: { exists: random(2) === 0, lt: 3 } };
  }
}

function bitsOf(slots: Iterable<number>): Uint32Array {
  const bits = new Uint32Array(Math.ceil(SLOTS / 32));
  for (const slot of slots) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
  return bits;
}

function slotsOf(bits: Uint32Array): number[] {
  const slots: number[] = [];
  forEachBit(bits, (slot) => slots.push(slot));
  return slots;
}

/** As they are after they were stored. */
function reloaded(columns: Columns): Columns {
  const fresh = createColumns();
  fresh.loadSegment(0, columns.encodeSegment(0));
  expect(fresh.knownCount).toBe(columns.knownCount);
  return fresh;
}

test(`columns say what the metadata says, seed ${seed}`, () => {
  const random = createRandom(seed);
  let columns = createColumns();
  const stored = new Map<number, Metadata>();
  const candidates = bitsOf(
    Array.from({ length: SLOTS }, (_, slot) => slot).filter(() => random(3) > 0),
  );
  for (let round = 0; round < 300; round++) {
    for (let change = 0; change < 20; change++) {
      const slot = random(SLOTS);
      columns.forget(slot);
      stored.set(slot, {
        a: randomValue(random),
        b: randomValue(random),
        ...(random(2) === 0 && { c: randomValue(random) }),
      });
    }
    const filter = checkFilter(randomFilter(random));
    if (!filter) throw new Error('There is no filter.');
    columns.keep(filter);
    const unknown = slotsOf(columns.unknown(candidates));
    for (const slot of unknown) columns.learn(slot, stored.get(slot) ?? {});
    expect(slotsOf(columns.unknown(candidates))).toEqual([]);
    const found = columns.select(filter, candidates);
    const expected = slotsOf(candidates).filter((slot) =>
      matchesFilter(filter, stored.get(slot) ?? {}),
    );
    expect(slotsOf(found)).toEqual(expected);
    expect(countBits(found)).toBe(expected.length);
    if (random(4) === 0) columns.compact();
    if (random(4) === 0) columns = reloaded(columns);
  }
});

test('only what changed is asked for again', () => {
  const columns = createColumns();
  const filter = checkFilter({ a: 1 });
  if (!filter) throw new Error('There is no filter.');
  const all = bitsOf([0, 31, 32, 150]);
  columns.keep(filter);
  expect(slotsOf(columns.unknown(all))).toEqual([0, 31, 32, 150]);
  for (const slot of slotsOf(all)) columns.learn(slot, { a: slot === 31 ? 1 : 2 });
  columns.keep(filter);
  expect(slotsOf(columns.unknown(all))).toEqual([]);
  expect(slotsOf(columns.select(filter, all))).toEqual([31]);
  columns.forget(150);
  expect(slotsOf(columns.unknown(all))).toEqual([150]);
  const more = checkFilter({ a: 1, b: 2 });
  if (!more) throw new Error('There is no filter.');
  columns.keep(more);
  expect(slotsOf(columns.unknown(all))).toEqual([0, 31, 32, 150]);
});

test('beyond sixteen, fields go that were asked for in earlier sessions only, the oldest first', () => {
  const ask = (columns: Columns, ...names: string[]) => {
    const filter = checkFilter({ and: names.map((name) => ({ [name]: 1 })) });
    if (!filter) throw new Error('There is no filter.');
    columns.keep(filter);
  };
  const names = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `f${from + at}`);
  const earlier = createColumns();
  ask(earlier, ...names(0, 20));
  ask(earlier, 'f0');
  // All of them are asked for in this session.
  expect(earlier.fields).toEqual([...names(1, 20), 'f0']);
  earlier.learn(1, { f0: 1, f1: 1 });

  const columns = reloaded(earlier);
  ask(columns, 'f3');
  // Nothing is read anew for it, so nothing is dropped.
  expect(columns.fields).toHaveLength(20);
  expect(columns.knownCount).toBe(1);
  ask(columns, 'new');
  expect(columns.fields).toEqual([...names(7, 20), 'f0', 'f3', 'new']);
  columns.learn(1, { f0: 1, f1: 1 });
  const text = new TextDecoder().decode(columns.encodeSegment(0));
  expect(text).toContain('"f0"');
  expect(text).not.toContain('"f1"');
  expect(reloaded(columns).fields).toEqual(columns.fields);
});

test('what is stored names no value that no document has any more', () => {
  const columns = createColumns();
  const filter = checkFilter({ a: 1 });
  if (!filter) throw new Error('There is no filter.');
  columns.keep(filter);
  columns.learn(1, { a: 'secret' });
  columns.learn(2, { a: 'kept', b: 'never asked for' });
  columns.forget(1);
  const text = new TextDecoder().decode(columns.encodeSegment(0));
  expect(text).toContain('kept');
  expect(text).not.toContain('secret');
  expect(text).not.toContain('never');
  expect(columns.encodeSegment(1).length).toBe(0);
});

test('a segment changes when what is known of it does, and no other', () => {
  const columns = createColumns();
  const filter = checkFilter({ a: 1 });
  if (!filter) throw new Error('There is no filter.');
  columns.keep(filter);
  columns.learn(SEGMENT_SLOTS, { a: 1 });
  const before = [0, 1].map((segment) => columns.segmentRevision(segment));
  columns.forget(SEGMENT_SLOTS);
  columns.forget(0);
  expect(columns.segmentRevision(0)).toBe(before[0]);
  expect(columns.segmentRevision(1)).not.toBe(before[1]);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['something else', '{"at":[],"fields":{}}'],
  ['places that do not rise', '{"at":[1,1],"fields":[["a",["x"],[0,0]]]}'],
  ['places beyond the segment', `{"at":[${SEGMENT_SLOTS}],"fields":[["a",["x"],[0]]]}`],
  ['too few values', '{"at":[1,2],"fields":[["a",["x"],[0]]]}'],
  ['values that are not there', '{"at":[1],"fields":[["a",["x"],["length"]]]}'],
  ['values of another version', '{"at":[1],"fields":[["a",[["bigint","1"]],[0]]]}'],
])('bytes that are %s make nothing known', (_, text) => {
  const columns = createColumns();
  columns.loadSegment(0, new TextEncoder().encode(text));
  expect(columns.knownCount).toBe(0);
});
