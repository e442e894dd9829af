import type { SlotEntry } from './slot-entry.ts';

/** Slots that are written together. */
export const SEGMENT_SLOTS = 1_024;

/** Columns: many rows, and most of them much alike. */
interface Columns {
  /** Place within the segment. */
  readonly at: number[];
  readonly names: string[];
  /** Which of `names`. */
  readonly namespace: number[];
  readonly id: string[];
  readonly pack: number[];
  readonly row: number[];
}

/** JSON, because it keeps every string, half a surrogate pair included, and is read fast. */
export function encodeSegment(
  entries: Iterable<readonly [at: number, entry: SlotEntry]>,
): Uint8Array<ArrayBuffer> {
  const columns: Columns = { at: [], names: [], namespace: [], id: [], pack: [], row: [] };
  const numbers = new Map<string, number>();
  for (const [at, entry] of entries) {
    let number = numbers.get(entry.namespace);
    if (number === undefined) {
      numbers.set(entry.namespace, (number = columns.names.length));
      columns.names.push(entry.namespace);
    }
    columns.at.push(at);
    columns.namespace.push(number);
    columns.id.push(entry.id);
    columns.pack.push(entry.pack);
    columns.row.push(entry.row);
  }
  return new TextEncoder().encode(JSON.stringify(columns));
}

/** What was encoded, or `null` for anything else. */
export function decodeSegment(bytes: Uint8Array): (readonly [number, SlotEntry])[] | null {
  const columns = parse(bytes);
  if (!columns) return null;
  const entries: (readonly [number, SlotEntry])[] = [];
  let before = -1;
  for (let position = 0; position < columns.at.length; position++) {
    const at = columns.at[position];
    const namespace = columns.names[columns.namespace[position] ?? -1];
    const id = columns.id[position];
    const pack = columns.pack[position];
    const row = columns.row[position];
    const isWhole =
      isCount(at) &&
      at > before &&
      at < SEGMENT_SLOTS &&
      typeof namespace === 'string' &&
      typeof id === 'string' &&
      isCount(pack) &&
      isCount(row);
    if (!isWhole) return null;
    before = at;
    entries.push([at, { namespace, id, pack, row }]);
  }
  return entries;
}

function parse(bytes: Uint8Array): Columns | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const columns = value as Partial<Record<keyof Columns, unknown>>;
  const lists = [
    columns.at,
    columns.names,
    columns.namespace,
    columns.id,
    columns.pack,
    columns.row,
  ];
  return lists.every(Array.isArray) ? (value as Columns) : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
