import { invalidInput } from '../core/errors.ts';
import type { FilterValue } from '../core/filter.ts';

/** A filter that was checked, in one form. */
export type CheckedFilter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly CheckedFilter[] }
  | { readonly kind: 'not'; readonly part: CheckedFilter }
  | { readonly kind: 'field'; readonly field: string; readonly condition: Condition };

export interface Condition {
  /** Keys of the values that are wanted (see `keyOfValue`). `null`: equal to whatever. */
  readonly values: ReadonlySet<FilterKey> | null;
  readonly above: Bound | null;
  readonly below: Bound | null;
  /** `null`: does not matter. */
  readonly exists: boolean | null;
}

/** Equal for equal values. */
export type FilterKey = string | number | boolean | null;

export interface Bound {
  readonly value: string | number | Date;
  readonly isIncluded: boolean;
}

/** Deeper is a mistake, such as a filter that holds itself. */
const MAX_DEPTH = 32;
const OPERATORS: ReadonlySet<string> = new Set(['eq', 'in', 'gt', 'gte', 'lt', 'lte', 'exists']);

/**
 * `undefined`: none was given.
 *
 * @throws VectorIndexError `invalid-input`
 */
export function checkFilter(given: unknown): CheckedFilter | undefined {
  return given === undefined ? undefined : checkPart(given, 0);
}

function checkPart(filter: unknown, depth: number): CheckedFilter {
  if (!isPlain(filter)) {
    throw invalidInput(
      'The filter is no object.',
      'Give one such as { kind: "note" }, or leave it out.',
    );
  }
  if (depth > MAX_DEPTH) {
    throw invalidInput(
      `The filter is more than ${MAX_DEPTH} deep.`,
      'See that it does not hold itself.',
    );
  }
  const names = Object.keys(filter);
  const logic = names.find((name) => name === 'and' || name === 'or' || name === 'not');
  if (logic === undefined) {
    return {
      kind: 'and',
      parts: names.map((field) => ({
        kind: 'field',
        field,
        condition: checkCondition(field, filter[field]),
      })),
    };
  }
  if (names.length > 1) {
    throw invalidInput(
      `The filter has \`${logic}\` and other fields beside it.`,
      'Put each into a filter of its own, and these into `and`.',
    );
  }
  const given = filter[logic];
  if (logic === 'not') return { kind: 'not', part: checkPart(given, depth + 1) };
  if (!Array.isArray(given)) {
    throw invalidInput(`\`${logic}\` of the filter is no array.`, 'Give an array of filters.');
  }
  return { kind: logic, parts: given.map((part) => checkPart(part, depth + 1)) };
}

function checkCondition(field: string, given: unknown): Condition {
  const nothing: Condition = { values: null, above: null, below: null, exists: null };
  if (isValue(given)) return { ...nothing, values: new Set([keyOfValue(given)]) };
  if (!isPlain(given)) throw notComparable(field, given);
  const names = Object.keys(given);
  const unknown = names.find((name) => !OPERATORS.has(name));
  if (names.length === 0 || unknown !== undefined) {
    throw invalidInput(
      unknown === undefined
        ? `The filter says nothing of \`${field}\`.`
        : `The filter of \`${field}\` has \`${unknown}\`, which is no operator.`,
      'Give a value, or some of eq, in, gt, gte, lt, lte and exists.',
    );
  }
  // Left out is one thing; a variable that happens to be undefined would let through everything.
  const missing = names.find((name) => given[name] === undefined);
  if (missing !== undefined) throw notComparable(field, undefined);
  const { eq, exists } = given;
  if (exists !== undefined && typeof exists !== 'boolean') {
    throw invalidInput(`\`exists\` of \`${field}\` is no boolean.`, 'Give true or false.');
  }
  return {
    values: valuesOf(field, eq, given.in),
    above: bound(field, given, 'gt', 'gte'),
    below: bound(field, given, 'lt', 'lte'),
    exists: exists ?? null,
  };
}

function valuesOf(field: string, eq: unknown, among: unknown): ReadonlySet<FilterKey> | null {
  if (among !== undefined && !Array.isArray(among)) {
    throw invalidInput(`\`in\` of \`${field}\` is no array.`, 'Give an array of values.');
  }
  const keyOf = (value: unknown) => {
    if (!isValue(value)) throw notComparable(field, value);
    return keyOfValue(value);
  };
  const keys = among === undefined ? null : new Set((among as unknown[]).map(keyOf));
  if (eq === undefined) return keys;
  const key = keyOf(eq);
  return new Set(keys === null || keys.has(key) ? [key] : []);
}

function bound(
  field: string,
  given: Readonly<Record<string, unknown>>,
  strict: string,
  inclusive: string,
): Bound | null {
  if (given[strict] !== undefined && given[inclusive] !== undefined) {
    throw invalidInput(`\`${field}\` has both ${strict} and ${inclusive}.`, 'Give one of them.');
  }
  const value = given[strict] === undefined ? given[inclusive] : given[strict];
  if (value === undefined) return null;
  if (!isValue(value) || typeof value === 'boolean' || value === null) {
    throw invalidInput(
      `\`${field}\` cannot be greater or less than that.`,
      'Give a string, a number or a Date.',
    );
  }
  return { value, isIncluded: given[strict] === undefined };
}

export function isValue(value: unknown): value is FilterValue {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && !Number.isNaN(value))
  );
}

export function keyOfValue(value: FilterValue): FilterKey {
  if (value instanceof Date) return `\0${value.getTime()}`;
  return typeof value === 'string' && value.startsWith('\0') ? `\0\0${value}` : value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function notComparable(field: string, value: unknown) {
  return invalidInput(
    `The filter compares \`${field}\` with ${value === undefined ? 'undefined' : 'what is no value'}.`,
    'Give a string, a number, a boolean, a Date or null; leave the field out to let through all.',
  );
}
