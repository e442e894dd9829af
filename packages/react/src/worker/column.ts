import { isValue, keyOfValue } from './filter.ts';
import type { Bound, Condition } from './filter.ts';
import { matchesCondition } from './filter-match.ts';

/** The code of a field that a document does not have. */
export const ABSENT = 0;

/** Something that cannot be compared, such as an object. Like any of them. */
export const INCOMPARABLE: unknown = Object.freeze({});

/**
 * The different values of one field, each once and under a number, its code: a condition is decided for each value,
 * and then looked up document by document.
 */
export interface Column {
  /** By code. */
  readonly values: readonly unknown[];
  codeOf(value: unknown): number;
  /** By code, 1 where a value fulfils the condition. Valid until the next call. */
  match(condition: Condition): Uint8Array;
}

type Kind = 'number' | 'date' | 'array' | 'other';
const KINDS: readonly Kind[] = ['other', 'number', 'date', 'array'];

export function createColumn(): Column {
  const codes = new Map<unknown, number>([[undefined, ABSENT]]);
  const values: unknown[] = [undefined];
  /** Numbers, and dates as such, for ranges over very many. */
  let numbers = new Float64Array(64).fill(NaN);
  let kinds = new Uint8Array(64);
  let matches = new Uint8Array(64);
  /** Codes of arrays, which no key and no range stands for. */
  const arrays: number[] = [];

  const matchKeys = (condition: Condition, keys: Iterable<unknown>) => {
    for (const key of keys) {
      const code = codes.get(key);
      if (code !== undefined && matchesCondition(condition, values[code])) matches[code] = 1;
    }
  };
  const matchRange = ({ above, below }: Condition, kind: Kind) => {
    const wanted = KINDS.indexOf(kind);
    const [low, isLowIn] = limit(above, -Infinity);
    const [high, isHighIn] = limit(below, Infinity);
    for (let code = 0; code < values.length; code++) {
      const number = numbers[code] ?? NaN;
      if (kinds[code] !== wanted || number < low || number > high) continue;
      if ((number === low && !isLowIn) || (number === high && !isHighIn)) continue;
      matches[code] = 1;
    }
  };
  const matchEach = (condition: Condition, codes: Iterable<number>) => {
    for (const code of codes) {
      if (matchesCondition(condition, values[code])) matches[code] = 1;
    }
  };

  return {
    values,
    codeOf(value) {
      const key = keyOf(value);
      const known = codes.get(key);
      if (known !== undefined) return known;
      const code = values.length;
      codes.set(key, code);
      values.push(value);
      if (code >= kinds.length) {
        numbers = grow(numbers, new Float64Array(code * 2).fill(NaN));
        kinds = grow(kinds, new Uint8Array(code * 2));
        matches = new Uint8Array(code * 2);
      }
      const kind = kindOf(value);
      kinds[code] = KINDS.indexOf(kind);
      if (kind === 'array') arrays.push(code);
      if (typeof value === 'number') numbers[code] = value;
      if (value instanceof Date) numbers[code] = value.getTime();
      return code;
    },
    match(condition) {
      matches.fill(0);
      const kind = rangeKind(condition);
      if (condition.values) {
        matchKeys(condition, condition.values);
        matchEach(condition, arrays);
      } else if (kind === 'number' || kind === 'date') {
        matchRange(condition, kind);
        matchEach(condition, arrays);
      } else {
        matchEach(condition, values.keys());
      }
      return matches;
    },
  };
}

/** What no filter tells apart has one key. */
function keyOf(value: unknown): unknown {
  if (value === undefined || isValue(value)) return value === undefined ? value : keyOfValue(value);
  if (!Array.isArray(value)) return INCOMPARABLE;
  // As strings, because JSON has no infinite numbers.
  const elements = value.filter(isValue).map((one) => [typeof one, String(keyOfValue(one))]);
  return `\0[${JSON.stringify(elements)}`;
}

function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return 'array';
  if (!isValue(value)) return 'other';
  return typeof value === 'number' ? 'number' : value instanceof Date ? 'date' : 'other';
}

/** What alone a range can hold for, but for arrays. */
function rangeKind({ above, below, exists }: Condition): Kind | null {
  // Nothing that does not exist is in a range.
  if (exists === false || (!above && !below)) return null;
  const kinds = [above, below].flatMap((bound) => (bound ? [kindOf(bound.value)] : []));
  return kinds.every((kind) => kind === kinds[0]) ? (kinds[0] ?? null) : null;
}

function limit(bound: Bound | null, otherwise: number): [value: number, isIncluded: boolean] {
  return bound ? [Number(bound.value), bound.isIncluded] : [otherwise, true];
}

function grow<Kind extends Float64Array | Uint8Array>(from: Kind, to: Kind): Kind {
  to.set(from);
  return to;
}
