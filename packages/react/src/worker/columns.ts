import type { CheckedFilter, Condition } from '../core/filter.ts';
import { isValue, keyOfValue } from '../core/filter.ts';
import { fieldOf, matchesCondition } from '../core/filter-match.ts';
import type { Metadata } from '../core/types.ts';

/** What is in no document, in the place of a value that is not there. */
const ABSENT = 0;

/** One field of all documents: each different value once, and which of them a slot has. */
interface Column {
  readonly codes: Map<unknown, number>;
  readonly values: unknown[];
  bySlot: Uint32Array;
}

/**
 * The metadata of slots, as far as filters have asked for it, by column and dictionary-coded: a condition is
 * decided once for each different value, and then looked up slot by slot.
 *
 * A slot is _known_ once it was told of, and unknown again when its document changes.
 */
export interface Columns {
  /** From now on these fields are kept too. Slots are unknown then, unless they were kept already. */
  keep(filter: CheckedFilter): void;
  /** Of some slots, bit by bit, those that are not known. */
  unknown(bits: Uint32Array): Uint32Array;
  learn(slot: number, metadata: Metadata): void;
  forget(slot: number): void;
  /** Keeps nothing of any field any more: values of removed documents go as well. */
  drop(): void;
  /** Of some known slots, bit by bit, those that a filter lets through. */
  select(filter: CheckedFilter, bits: Uint32Array): Uint32Array;
}

export function createColumns(): Columns {
  const columns = new Map<string, Column>();
  let known = new Uint32Array(64);

  const learnField = (column: Column, slot: number, value: unknown) => {
    if (slot >= column.bySlot.length) column.bySlot = grown(column.bySlot, slot + 1);
    column.bySlot[slot] = codeOf(column, value);
  };

  const selectField = (field: string, condition: Condition, bits: Uint32Array): Uint32Array => {
    const column = columns.get(field);
    if (!column) throw new Error(`The field ${field} is not kept.`);
    const { values, bySlot } = column;
    const isMatch = new Uint8Array(values.length);
    for (let code = 0; code < values.length; code++) {
      if (matchesCondition(condition, values[code])) isMatch[code] = 1;
    }
    const found = new Uint32Array(bits.length);
    forEachBit(bits, (slot) => {
      if (isMatch[bySlot[slot] ?? ABSENT] !== 1) return;
      found[slot >>> 5] = (found[slot >>> 5] ?? 0) | (1 << (slot & 31));
    });
    return found;
  };

  const select = (filter: CheckedFilter, bits: Uint32Array): Uint32Array => {
    switch (filter.kind) {
      case 'field':
        return selectField(filter.field, filter.condition, bits);
      case 'not': {
        const out = select(filter.part, bits);
        return bits.map((word, at) => word & ~(out[at] ?? 0));
      }
      case 'and':
        return filter.parts.reduce((left, part) => select(part, left), bits);
      case 'or': {
        const found = new Uint32Array(bits.length);
        for (const part of filter.parts) {
          const more = select(part, bits);
          more.forEach((word, at) => (found[at] = (found[at] ?? 0) | word));
        }
        return found;
      }
    }
  };

  return {
    keep(filter) {
      const fresh = [...fieldsOf(filter)].filter((field) => !columns.has(field));
      if (fresh.length === 0) return;
      for (const field of fresh) {
        columns.set(field, {
          codes: new Map([[undefined, ABSENT]]),
          values: [undefined],
          bySlot: new Uint32Array(64),
        });
      }
      known.fill(0);
    },
    unknown: (bits) => bits.map((word, at) => word & ~(known[at] ?? 0)),
    learn(slot, metadata) {
      for (const [field, column] of columns) learnField(column, slot, fieldOf(metadata, field));
      if (slot >>> 5 >= known.length) known = grown(known, (slot >>> 5) + 1);
      known[slot >>> 5] = (known[slot >>> 5] ?? 0) | (1 << (slot & 31));
    },
    forget(slot) {
      const word = slot >>> 5;
      if (word < known.length) known[word] = (known[word] ?? 0) & ~(1 << (slot & 31));
    },
    drop() {
      columns.clear();
      known.fill(0);
    },
    select,
  };
}

export function forEachBit(bits: Uint32Array, visit: (slot: number) => void): void {
  for (let word = 0; word < bits.length; word++) {
    for (let left = bits[word] ?? 0; left !== 0; left &= left - 1) {
      visit(word * 32 + 31 - Math.clz32(left & -left));
    }
  }
}

export function countBits(bits: Uint32Array): number {
  let count = 0;
  for (let word of bits) {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

function codeOf({ codes, values }: Column, value: unknown): number {
  const key = keyOf(value);
  const known = codes.get(key);
  if (known !== undefined) return known;
  codes.set(key, values.length);
  return values.push(value) - 1;
}

/** What no filter tells apart has one key. */
function keyOf(value: unknown): unknown {
  if (value === undefined || isValue(value)) return value === undefined ? value : keyOfValue(value);
  if (!Array.isArray(value)) return OTHER;
  return `\0[${JSON.stringify(value.filter(isValue).map((element) => [typeof element, keyOfValue(element)]))}`;
}

/** Something that cannot be compared, such as an object. */
const OTHER = Symbol('other');

function fieldsOf(filter: CheckedFilter, into = new Set<string>()): Set<string> {
  if (filter.kind === 'field') into.add(filter.field);
  else if (filter.kind === 'not') fieldsOf(filter.part, into);
  else filter.parts.forEach((part) => fieldsOf(part, into));
  return into;
}

function grown(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
