import type { KeyRange } from '../driver.ts';
import type { DocumentKey, TableName } from '../schema.ts';
import type { SealedRows } from './sealed-rows.ts';
import { versionKey } from './table-versions.ts';

/** Numbers are stored as they are, above that of the table's own state. */
export function numberRange(table: TableName, range: KeyRange): KeyRange | null {
  if (table === 'meta') return null;
  const { above, from } = range;
  return above === undefined && from === undefined ? { ...range, above: versionKey(table) } : range;
}

/** Names are stored hashed, so only what asks for no order can be asked of the database. */
export async function documentRange(rows: SealedRows, range: KeyRange): Promise<KeyRange | null> {
  const { above, from, below, limit, anyOrder } = range;
  if (!anyOrder) return null;
  if (from === undefined && below === undefined) {
    const key =
      above === undefined ? versionKey('documents') : await rows.keyOf('documents', above);
    return { above: key, limit };
  }
  const namespace = namespaceIn(range);
  const isWhole = namespace !== null && from !== undefined && (from as DocumentKey)[1] === '';
  return isWhole ? { ...(await namespaceRange(rows, namespace)), limit } : null;
}

export async function namespaceRange(rows: SealedRows, namespace: string): Promise<KeyRange> {
  const name = await rows.namespaceOf(namespace);
  return { from: [name, ''], below: [`${name}\0`, ''] };
}

/** The one namespace that a range is in. */
export function namespaceIn({ above, from, below }: KeyRange): string | null {
  const [namespace] = (above ?? from ?? []) as Partial<DocumentKey>;
  const [end, rest] = (below ?? []) as Partial<DocumentKey>;
  return namespace !== undefined && end === `${namespace}\0` && rest === '' ? namespace : null;
}
