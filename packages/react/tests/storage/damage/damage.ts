import type { StorageDriver } from '../../../src/storage/driver.ts';
import { primaryKey } from '../../../src/storage/keys.ts';
import { PRIMARY_KEYS, SNAPSHOT_KEYS, TABLE_NAMES, seal } from '../../../src/storage/schema.ts';
import type { IndexRow, SnapshotRow, TableName, Tables } from '../../../src/storage/schema.ts';

type Row = Tables[TableName];
export type Dump = { readonly [T in TableName]: readonly Tables[T][] };

export type EditKind = 'flip' | 'truncate' | 'delete' | 'swap generations' | 'future version';

export interface Edit {
  readonly kind: EditKind;
  readonly table: TableName;
  readonly at: number;
  /** Which field, which byte. */
  readonly pick: number;
}

export function dumpRows(driver: StorageDriver): Promise<Dump> {
  return driver.transaction('readonly', TABLE_NAMES, async (tx) => ({
    meta: await tx.range('meta', {}),
    documents: await tx.range('documents', {}),
    vectors: await tx.range('vectors', {}),
    operations: await tx.range('operations', {}),
    blobs: await tx.range('blobs', {}),
  }));
}

export function writeRows(driver: StorageDriver, dump: Dump): Promise<void> {
  return driver.transaction('readwrite', TABLE_NAMES, async (tx) => {
    for (const table of TABLE_NAMES) await tx.put(table, dump[table]);
  });
}

/** Edits as a fault of the disk, a bug or a curious user would make them. Keys stay: they are the table's. */
export function createEdit(random: (below: number) => number, dump: Dump): Edit {
  const kinds: readonly EditKind[] = ['flip', 'flip', 'truncate', 'delete', 'delete'];
  const special = random(20);
  const kind =
    special === 0
      ? 'swap generations'
      : special === 1
        ? 'future version'
        : (kinds[random(kinds.length)] ?? 'flip');
  const table =
    kind === 'swap generations' || kind === 'future version'
      ? 'meta'
      : (TABLE_NAMES[random(TABLE_NAMES.length)] ?? 'meta');
  return { kind, table, at: random(dump[table].length), pick: random(1_000_000) };
}

export async function applyEdit(driver: StorageDriver, dump: Dump, edit: Edit): Promise<void> {
  const row = dump[edit.table][edit.at] as Row;
  // Read before the transaction, which does not wait for a Blob.
  const damaged = await damage(row, edit);
  await driver.transaction('readwrite', [edit.table], async (tx) => {
    switch (edit.kind) {
      case 'delete':
        await tx.remove(edit.table, [primaryKey(edit.table, row)]);
        return;
      case 'swap generations': {
        const [a, b] = dump.meta.filter((meta): meta is SnapshotRow =>
          SNAPSHOT_KEYS.some((key) => key === meta.key),
        );
        if (a && b)
          await tx.put('meta', [
            { ...a, key: b.key },
            { ...b, key: a.key },
          ]);
        return;
      }
      case 'future version': {
        const index = dump.meta.find((meta): meta is IndexRow => meta.key === 'index');
        if (index) await tx.put('meta', [seal<IndexRow>({ ...index, schemaVersion: 99 })]);
        return;
      }
      case 'flip':
      case 'truncate':
        await tx.put(edit.table, [damaged]);
    }
  });
}

/** The row with one of its fields changed; its key is the table's, and stays. */
async function damage(row: Row, { kind, table, pick }: Edit): Promise<Row> {
  const keys: readonly string[] = [PRIMARY_KEYS[table]].flat();
  const fields = Object.keys(row).filter((field) => !keys.includes(field));
  const field = fields[pick % fields.length] ?? '';
  const value = (row as unknown as Record<string, unknown>)[field];
  const given = value instanceof Blob ? await value.arrayBuffer() : value;
  const change = kind === 'truncate' ? truncated(given, pick) : flipped(given, pick);
  const written = value instanceof Blob ? new Blob([change as ArrayBuffer]) : change;
  return { ...row, [field]: written };
}

function flipped(value: unknown, pick: number): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1 + (pick % 7);
  if (typeof value === 'string') {
    const at = value.length === 0 ? 0 : pick % value.length;
    return `${value.slice(0, at)}~${value.slice(at + 1)}`;
  }
  if (value instanceof ArrayBuffer || value instanceof Uint8Array) {
    const bytes = new Uint8Array(value instanceof Uint8Array ? value.slice() : value.slice(0));
    const at = pick % Math.max(1, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (pick % 8));
    return value instanceof ArrayBuffer ? bytes.buffer : bytes;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return ['~'];
    const at = pick % value.length;
    return value.map((item, position) => (position === at ? flipped(item, pick) : item) as unknown);
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    const key = keys[pick % Math.max(1, keys.length)] ?? '~';
    return { ...value, [key]: flipped((value as Record<string, unknown>)[key], pick) };
  }
  return '~';
}

function truncated(value: unknown, pick: number): unknown {
  const left = (length: number) => Math.max(0, length - 1 - (pick % 5));
  if (typeof value === 'string' && value !== '') return value.slice(0, left(value.length));
  if (value instanceof ArrayBuffer && value.byteLength > 0) {
    return value.slice(0, left(value.byteLength));
  }
  if (value instanceof Uint8Array && value.length > 0) return value.slice(0, left(value.length));
  if (Array.isArray(value) && value.length > 0)
    return value.slice(0, left(value.length)) as unknown;
  return flipped(value, pick);
}
