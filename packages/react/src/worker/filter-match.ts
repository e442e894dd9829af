import type { FilterValue } from '../core/filter.ts';
import type { Metadata } from '../core/types.ts';
import { isValue, keyOfValue } from './filter.ts';
import type { Bound, CheckedFilter, Condition } from './filter.ts';

/** Whether a document's metadata is what a filter asks for. */
export function matchesFilter(filter: CheckedFilter, metadata: Metadata): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matchesFilter(part, metadata));
    case 'or':
      return filter.parts.some((part) => matchesFilter(part, metadata));
    case 'not':
      return !matchesFilter(filter.part, metadata);
    case 'field':
      return matchesCondition(filter.condition, fieldOf(metadata, filter.field));
  }
}

/** `undefined`: it is not there. What `Object.prototype` has is in no document. */
export function fieldOf(metadata: Metadata, field: string): unknown {
  return Object.hasOwn(metadata, field) ? metadata[field] : undefined;
}

export function matchesCondition(condition: Condition, value: unknown): boolean {
  const { values, above, below, exists } = condition;
  if (exists !== null && exists !== (value !== undefined)) return false;
  if (values === null && above === null && below === null) return true;
  return Array.isArray(value)
    ? value.some((element) => matchesElement(condition, element))
    : matchesElement(condition, value);
}

function matchesElement({ values, above, below }: Condition, element: unknown): boolean {
  return (
    isValue(element) &&
    (values === null || values.has(keyOfValue(element))) &&
    isWithin(element, above, 1) &&
    isWithin(element, below, -1)
  );
}

function isWithin(element: FilterValue, bound: Bound | null, direction: 1 | -1): boolean {
  if (bound === null) return true;
  const order = compare(element, bound.value);
  return order === 0 ? bound.isIncluded : order === direction;
}

/** `null`: they cannot be compared. */
function compare(a: FilterValue, b: string | number | Date): -1 | 0 | 1 | null {
  if (a instanceof Date && b instanceof Date) return order(a.getTime(), b.getTime());
  if (typeof a === 'number' && typeof b === 'number') return order(a, b);
  if (typeof a === 'string' && typeof b === 'string') return order(a, b);
  return null;
}

function order<T extends string | number>(a: T, b: T): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}
