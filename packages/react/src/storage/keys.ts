import type { Key, KeyRange } from './driver.ts';
import { PRIMARY_KEYS } from './schema.ts';
import type { TableName, Tables } from './schema.ts';

export function primaryKey(table: TableName, row: Tables[TableName]): Key {
  const path = PRIMARY_KEYS[table];
  const fields = row as unknown as Record<string, string>;
  return typeof path === 'string'
    ? (fields[path] as Key)
    : [fields[path[0]] as string, fields[path[1]] as string];
}

/** Tells 1 from '1' and ['a', 'bc'] from ['ab', 'c']. */
export function keyText(key: Key): string {
  return JSON.stringify(key);
}

/** IndexedDB's order within one kind of key: numbers by value, strings by UTF-16 units. */
export function compareKeys(a: Key, b: Key): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      compareKeys(a[0] as string, b[0] as string) || compareKeys(a[1] as string, b[1] as string)
    );
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isInRange(key: Key, { above, from, below }: KeyRange): boolean {
  return (
    (above === undefined || compareKeys(key, above) > 0) &&
    (from === undefined || compareKeys(key, from) >= 0) &&
    (below === undefined || compareKeys(key, below) < 0)
  );
}
