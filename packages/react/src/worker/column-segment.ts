import { INCOMPARABLE } from './column.ts';
import { isValue } from './filter.ts';
import { SEGMENT_SLOTS } from './slot-segment.ts';

/** What is known of the metadata in some slots. */
export interface ColumnSegment {
  /** Places within the segment, ascending. */
  readonly at: readonly number[];
  /** Of each place, in the same order, the value of some fields. */
  readonly fields: readonly { readonly name: string; readonly values: readonly unknown[] }[];
}

/** As it is written: each different value once, and by number which of them a place has. */
interface Written {
  readonly at: readonly number[];
  readonly fields: readonly (readonly [
    name: string,
    values: readonly WrittenValue[],
    codes: readonly number[],
  ])[];
}

/** JSON has no dates, no infinite numbers and no `undefined`: what is no string or boolean says what it is. */
type WrittenValue = string | boolean | null | readonly [kind: string, ...of: unknown[]];

/** JSON, because it keeps every string, half a surrogate pair included, and is read fast. */
export function encodeColumns({ at, fields }: ColumnSegment): Uint8Array<ArrayBuffer> {
  if (at.length === 0 || fields.length === 0) return new Uint8Array(0);
  const written: Written = {
    at,
    fields: fields.map(({ name, values }) => {
      const numbers = new Map<unknown, number>();
      const different: WrittenValue[] = [];
      const codes = values.map((value) => {
        let number = numbers.get(value);
        if (number === undefined) {
          numbers.set(value, (number = different.length));
          different.push(writeValue(value));
        }
        return number;
      });
      return [name, different, codes];
    }),
  };
  return new TextEncoder().encode(JSON.stringify(written));
}

/** What was encoded, or `null` for anything else. */
export function decodeColumns(bytes: Uint8Array): ColumnSegment | null {
  if (bytes.length === 0) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const { at, fields } = JSON.parse(text) as Written;
    if (!at.every(isPlace)) return null;
    return {
      at,
      fields: fields.map(([name, different, codes]) => {
        const read = different.map(readValue);
        if (typeof name !== 'string' || codes.length !== at.length) throw new TypeError();
        const values = codes.map((code) => {
          if (!Number.isInteger(code) || read.length <= code || code < 0) throw new TypeError();
          return read[code];
        });
        return { name, values };
      }),
    };
  } catch {
    // Its checksum was right, so another version wrote it in another way.
    return null;
  }
}

function isPlace(at: unknown, position: number, all: readonly number[]): boolean {
  const before = position === 0 ? -1 : (all[position - 1] ?? -1);
  return Number.isSafeInteger(at) && (at as number) > before && (at as number) < SEGMENT_SLOTS;
}

function writeValue(value: unknown): WrittenValue {
  if (value === undefined) return ['absent'];
  if (Array.isArray(value)) return ['array', ...value.filter(isValue).map(writeValue)];
  if (!isValue(value)) return ['other'];
  if (value instanceof Date) return ['date', value.getTime()];
  // Also infinite ones.
  return typeof value === 'number' ? ['number', String(value)] : value;
}

function readValue(written: WrittenValue): unknown {
  if (!Array.isArray(written)) return written;
  const [kind, first] = written as readonly unknown[];
  switch (kind) {
    case 'absent':
      return undefined;
    case 'array':
      return (written as readonly unknown[])
        .slice(1)
        .map((part) => readValue(part as WrittenValue));
    case 'other':
      return INCOMPARABLE;
    case 'date':
      return new Date(first as number);
    case 'number':
      return Number(first);
    default:
      throw new TypeError();
  }
}
