import type { Metadata } from '../core/types.ts';
import { ABSENT, createColumn } from './column.ts';
import type { Column } from './column.ts';
import { decodeColumns, encodeColumns } from './column-segment.ts';
import type { CheckedFilter, Condition } from './filter.ts';
import { fieldOf } from './filter-match.ts';
import { SEGMENT_SLOTS } from './slot-segment.ts';

/** Beyond so many fields those go that filters asked for in earlier sessions only. */
const MOST_FIELDS = 16;
/** Values that a field may remember, as a multiple of the slots that are known, and besides. */
const VALUES_PER_SLOT = 4;
const SPARE_VALUES = 1_024;

/** A field of all documents: which of its values a slot has. */
interface Field {
  readonly column: Column;
  bySlot: Uint32Array;
}

/**
 * The metadata of slots, as far as filters have asked for it, by column and dictionary-coded: a condition is
 * decided once for each different value, and then looked up slot by slot.
 *
 * A slot is _known_ once it was told of, and unknown again when its document changes.
 */
export interface Columns {
  /** Slots that are known. */
  readonly knownCount: number;
  /** Names of the fields that are kept, those last that were asked for last. */
  readonly fields: readonly string[];
  /** From now on these fields are kept too. Slots are unknown then, unless they were kept already. */
  keep(filter: CheckedFilter): void;
  /** Of some slots, bit by bit, those that are not known. */
  unknown(bits: Uint32Array): Uint32Array;
  learn(slot: number, metadata: Metadata): void;
  forget(slot: number): void;
  /** Keeps nothing that no known slot has: values of removed documents go. */
  compact(): void;
  /** Of some known slots, bit by bit, those that a filter lets through. */
  select(filter: CheckedFilter, bits: Uint32Array): Uint32Array;
  /** Another number after each change of a segment. */
  segmentRevision(segment: number): number;
  /** What is known of a segment; without bytes if that is nothing. */
  encodeSegment(segment: number): Uint8Array<ArrayBuffer>;
  /** Takes over what was encoded, before anything else is known. What these bytes are not is left unknown. */
  loadSegment(segment: number, bytes: Uint8Array): void;
}

export function createColumns(): Columns {
  /** In the order of `Columns.fields`. */
  const fields = new Map<string, Field>();
  /** Fields that a filter has asked for here, and not only in a session before. */
  const asked = new Set<string>();
  const revisions: number[] = [];
  let known = new Uint32Array(64);
  let knownCount = 0;

  const isKnown = (slot: number) => ((known[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  const touch = (slot: number) => {
    const segment = Math.floor(slot / SEGMENT_SLOTS);
    while (revisions.length <= segment) revisions.push(0);
    revisions[segment] = (revisions[segment] ?? 0) + 1;
  };
  const setKnown = (slot: number) => {
    touch(slot);
    if (isKnown(slot)) return;
    const word = slot >>> 5;
    if (word >= known.length) known = grown(known, word + 1);
    known[word] = (known[word] ?? 0) | (1 << (slot & 31));
    knownCount++;
  };
  const put = (field: Field, slot: number, value: unknown) => {
    if (slot >= field.bySlot.length) field.bySlot = grown(field.bySlot, slot + 1);
    field.bySlot[slot] = field.column.codeOf(value);
  };
  const addField = (name: string): Field => {
    const field = { column: createColumn(), bySlot: new Uint32Array(64) };
    fields.set(name, field);
    return field;
  };
  const dropFields = () => {
    for (const name of fields.keys()) {
      if (fields.size <= MOST_FIELDS) return;
      if (!asked.has(name)) fields.delete(name);
    }
  };
  const compact = () => {
    for (const [name, { column, bySlot }] of fields) {
      const field = addField(name);
      field.bySlot = new Uint32Array(bySlot.length);
      forEachBit(known, (slot) => put(field, slot, column.values[bySlot[slot] ?? ABSENT]));
    }
  };

  const selectField = (name: string, condition: Condition, bits: Uint32Array) => {
    const field = fields.get(name);
    if (!field) throw new Error(`The field ${name} is not kept.`);
    const { column, bySlot } = field;
    const isMatch = column.match(condition);
    const found = new Uint32Array(bits.length);
    for (let word = 0; word < bits.length; word++) {
      let hits = 0;
      for (let left = bits[word] ?? 0; left !== 0; left &= left - 1) {
        const bit = 31 - Math.clz32(left & -left);
        hits |= (isMatch[bySlot[word * 32 + bit] ?? ABSENT] ?? 0) << bit;
      }
      found[word] = hits;
    }
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
          for (let at = 0; at < found.length; at++) found[at] = (found[at] ?? 0) | (more[at] ?? 0);
        }
        return found;
      }
    }
  };

  function* knownOf(segment: number): Generator<number> {
    const first = segment * SEGMENT_SLOTS;
    for (let slot = first; slot < first + SEGMENT_SLOTS; slot++) if (isKnown(slot)) yield slot;
  }

  return {
    get knownCount() {
      return knownCount;
    },
    get fields() {
      return [...fields.keys()];
    },
    keep(filter) {
      let isNew = false;
      for (const name of fieldsOf(filter)) {
        const field = fields.get(name);
        isNew ||= !field;
        asked.add(name);
        fields.delete(name);
        if (field) fields.set(name, field);
        else addField(name);
      }
      if (!isNew) return;
      // Now it costs nothing: all is read and stored anew anyway.
      dropFields();
      known.fill(0);
      knownCount = 0;
      for (let segment = 0; segment < revisions.length; segment++) touch(segment * SEGMENT_SLOTS);
    },
    // A filter without fields needs to know nothing.
    unknown: (bits) =>
      fields.size === 0
        ? new Uint32Array(bits.length)
        : bits.map((word, at) => word & ~(known[at] ?? 0)),
    learn(slot, metadata) {
      let mostValues = 0;
      for (const [name, field] of fields) {
        put(field, slot, fieldOf(metadata, name));
        mostValues = Math.max(mostValues, field.column.values.length);
      }
      setKnown(slot);
      if (mostValues > SPARE_VALUES + VALUES_PER_SLOT * knownCount) compact();
    },
    forget(slot) {
      if (!isKnown(slot)) return;
      touch(slot);
      known[slot >>> 5] = (known[slot >>> 5] ?? 0) & ~(1 << (slot & 31));
      knownCount--;
    },
    compact,
    select,
    segmentRevision: (segment) => revisions[segment] ?? 0,
    encodeSegment(segment) {
      const first = segment * SEGMENT_SLOTS;
      const slots = Array.from(knownOf(segment));
      return encodeColumns({
        at: slots.map((slot) => slot - first),
        fields: Array.from(fields, ([name, { column, bySlot }]) => ({
          name,
          values: slots.map((slot) => column.values[bySlot[slot] ?? ABSENT]),
        })),
      });
    },
    loadSegment(segment, bytes) {
      const decoded = decodeColumns(bytes);
      if (!decoded) return;
      const names = new Set(decoded.fields.map(({ name }) => name));
      // All that is known is known of the same fields.
      if (knownCount === 0) names.forEach((name) => fields.get(name) ?? addField(name));
      if (names.size !== fields.size || [...names].some((name) => !fields.has(name))) return;
      decoded.at.forEach((at, position) => {
        const slot = segment * SEGMENT_SLOTS + at;
        for (const { name, values } of decoded.fields) {
          const field = fields.get(name);
          if (field) put(field, slot, values[position]);
        }
        setKnown(slot);
      });
    },
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
