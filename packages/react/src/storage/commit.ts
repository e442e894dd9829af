import { VectorIndexError } from '../core/errors.ts';
import type { Metadata } from '../core/types.ts';
import { sameBytes, sameCanonical } from './canonical.ts';
import type { StorageTransaction } from './driver.ts';
import { isWholePack, wipeVectors } from './packs.ts';
import { isIntact, seal } from './schema.ts';
import type {
  DocumentKey,
  DocumentRow,
  HeadRow,
  IndexRow,
  OperationRow,
  PackRow,
  PutResult,
} from './schema.ts';

/**
 * What the write operations do inside their one transaction. Nothing here may await anything
 * but the transaction.
 */

/** Operations older than this many are forgotten: a tab that far behind loads everything. */
const KEPT_OPERATIONS = 10_000;
const PRUNE_EVERY = 256;
/** What a document's row takes besides its id and text. */
const ROW_BYTES = 150;

export interface PutEntry {
  readonly namespace: string;
  readonly id: string;
  /** `undefined`: the document has none, or (without a vector) keeps the one it has. */
  readonly text: string | undefined;
  readonly metadata: Metadata | undefined;
  readonly truncated: boolean;
  /** The row in `vectors`; `null` keeps the stored vector. */
  readonly vector: number | null;
}

export interface PutOperation {
  readonly opId: string;
  readonly embedderId: string | null;
  readonly entries: readonly PutEntry[];
  readonly vectors: Float32Array;
  /** Gives texts that are stored the vectors they lost. Whatever else was written meanwhile stays. */
  readonly isRestoring?: boolean | undefined;
  readonly at: number;
}

/** What a commit changed, for the replica; `pack` holds the new vectors. */
export interface Committed {
  readonly seq: number;
  readonly removed: readonly DocumentKey[];
  /** Documents whose row is another, though their vector is not. */
  readonly changed: readonly DocumentKey[];
  readonly pack: PackRow | null;
}

export type PutOutcome =
  | { readonly kind: 'done'; readonly result: PutResult; readonly committed: Committed | null }
  /** The operation was already in the log: this is its recorded result. */
  | { readonly kind: 'known'; readonly result: PutResult; readonly seq: number }
  /** A text that should keep its vector has changed meanwhile. Nothing was written. */
  | { readonly kind: 'replan' };

export async function commitPut(
  tx: StorageTransaction,
  operation: PutOperation,
): Promise<PutOutcome> {
  const known = await tx.findOperation(operation.opId);
  if (known) return { kind: 'known', result: known.result as PutResult, seq: known.seq };
  const { index, head } = await readMeta(tx);
  checkEmbedder(index, operation);

  const { entries, vectors, isRestoring, at } = operation;
  const found = await tx.getMany(
    'documents',
    entries.map(({ namespace, id }) => [namespace, id]),
  );
  const stored = found.map((row) => (row && isIntact(row) ? row : undefined));
  if (entries.some((entry, index) => entry.vector === null && !canKeep(entry, stored[index]))) {
    return { kind: 'replan' };
  }
  const unchanged = await findUnchanged(tx, operation, stored, index.dimensions);

  const seq = head.seq + 1;
  const pack = createPackBuilder(seq, index);
  const rows: DocumentRow[] = [];
  const retired: DocumentRow[] = [];
  const kept: DocumentKey[] = [];
  const truncated: string[] = [];
  let inserted = 0;
  let added = 0;
  entries.forEach((entry, position) => {
    const before = stored[position];
    const isTruncated = entry.vector === null ? before?.truncated === true : entry.truncated;
    if (isTruncated) truncated.push(entry.id);
    if (unchanged.has(position)) return;
    const isPatch = isRestoring || (entry.vector === null && entry.text === undefined);
    let place: { pack: number; row: number };
    if (entry.vector === null) {
      const { pack, row } = before as DocumentRow;
      place = { pack, row };
      kept.push([entry.namespace, entry.id]);
    } else {
      place = pack.add(entry, vectors, entry.vector);
      const old = found[position];
      if (old) retired.push(old);
    }
    if (!before) inserted++;
    if (!found[position]) added++;
    rows.push(
      seal<DocumentRow>({
        namespace: entry.namespace,
        id: entry.id,
        text: isPatch ? (before?.text ?? null) : (entry.text ?? null),
        metadata: entry.metadata ?? (isPatch ? (before?.metadata ?? {}) : {}),
        truncated: isTruncated,
        createdAt: before?.createdAt ?? at,
        updatedAt: isRestoring ? (before?.updatedAt ?? at) : at,
        ...place,
        seq,
      }),
    );
  });

  const result: PutResult = {
    inserted,
    updated: rows.length - inserted,
    unchanged: unchanged.size,
    truncated,
  };
  if (rows.length === 0) return { kind: 'done', result, committed: null };

  const packRow = pack.build();
  await tx.put('documents', rows);
  if (packRow) await tx.put('vectors', [packRow]);
  await retireVectors(tx, retired);
  const writtenBytes = rowBytes(rows) + (packRow?.data.byteLength ?? 0);
  await appendOperation(
    tx,
    head,
    { documentDelta: added, writtenBytes },
    {
      seq,
      opId: operation.opId,
      kind: 'put',
      pack: packRow ? seq : null,
      keys: kept,
      result,
      at,
    },
  );
  return { kind: 'done', result, committed: { seq, removed: [], changed: kept, pack: packRow } };
}

export interface RemoveOperation {
  readonly opId: string;
  readonly selection:
    | { readonly keys: readonly DocumentKey[] }
    | { readonly namespace: string; readonly limit: number };
  readonly at: number;
}

export type RemoveOutcome =
  | { readonly kind: 'done'; readonly result: number; readonly committed: Committed | null }
  | { readonly kind: 'known'; readonly result: number; readonly seq: number };

export async function commitRemove(
  tx: StorageTransaction,
  { opId, selection, at }: RemoveOperation,
): Promise<RemoveOutcome> {
  const known = await tx.findOperation(opId);
  if (known) return { kind: 'known', result: known.result as number, seq: known.seq };
  const { head } = await readMeta(tx);

  const found =
    'keys' in selection
      ? await tx.getMany('documents', selection.keys)
      : await tx.range('documents', {
          ...namespaceRange(selection.namespace),
          limit: selection.limit,
          anyOrder: true,
        });
  const rows = found.filter((row) => row !== undefined);
  if (rows.length === 0) return { kind: 'done', result: 0, committed: null };

  // As asked for: encrypted, a damaged row no longer tells its name, by which replicas know it.
  const keys =
    'keys' in selection
      ? selection.keys.filter((_, at) => found[at])
      : rows.map(({ namespace, id }): DocumentKey => [namespace, id]);
  const seq = head.seq + 1;
  await tx.remove('documents', keys);
  await retireVectors(tx, rows);
  await appendOperation(
    tx,
    head,
    { documentDelta: -rows.length, writtenBytes: 0 },
    {
      seq,
      opId,
      kind: 'remove',
      pack: null,
      keys,
      result: rows.length,
      at,
    },
  );
  return {
    kind: 'done',
    result: rows.length,
    committed: { seq, removed: keys, changed: [], pack: null },
  };
}

/** Every key of one namespace: no string lies between `x` and `x` followed by U+0000. */
export function namespaceRange(namespace: string) {
  return { from: [namespace, ''], below: [`${namespace}\0`, ''] } as const;
}

/** What describes the index, as far as it is there and intact. */
export async function findMeta(
  tx: StorageTransaction,
): Promise<{ index: IndexRow | undefined; head: HeadRow | undefined }> {
  const [index, head] = await tx.getMany('meta', ['index', 'head']);
  return {
    index: index?.key === 'index' && isIntact(index) ? index : undefined,
    head: head?.key === 'head' && isIntact(head) ? head : undefined,
  };
}

export async function readMeta(
  tx: StorageTransaction,
): Promise<{ index: IndexRow; head: HeadRow }> {
  const { index, head } = await findMeta(tx);
  if (index && head) return { index, head };
  throw new VectorIndexError(
    'corrupt',
    'The description of the index is damaged.',
    'Reload the page: it is written anew from the other rows.',
  );
}

function checkEmbedder(index: IndexRow, { embedderId, entries }: PutOperation): void {
  if (index.embedderId === embedderId) return;
  if (embedderId === null && entries.every(({ vector }) => vector === null)) return;
  throw embedderMismatch(index.embedderId, embedderId);
}

export function embedderMismatch(stored: string | null, given: string | null): VectorIndexError {
  const name = (id: string | null) => (id === null ? 'no named embedder' : `"${id}"`);
  return new VectorIndexError(
    'embedder-mismatch',
    `The index holds vectors of ${name(stored)}, and these are of ${name(given)}.`,
    'Use the embedder that the index was made with, another name, or destroy() it first.',
  );
}

function canKeep(entry: PutEntry, stored: DocumentRow | undefined): boolean {
  return stored !== undefined && (entry.text === undefined || stored.text === entry.text);
}

/** Positions of entries that are stored already, to the last bit. */
async function findUnchanged(
  tx: StorageTransaction,
  { entries, vectors, isRestoring }: PutOperation,
  stored: readonly (DocumentRow | undefined)[],
  dimensions: number,
): Promise<Set<number>> {
  const unchanged = new Set<number>();
  const undecided: number[] = [];
  entries.forEach((entry, position) => {
    const before = stored[position];
    if (isRestoring) {
      if (before && before.text === entry.text) undecided.push(position);
      else unchanged.add(position);
      return;
    }
    if (!before) return;
    const isPatch = entry.vector === null && entry.text === undefined;
    const sameMetadata =
      (isPatch && entry.metadata === undefined) ||
      sameCanonical(before.metadata, entry.metadata ?? {});
    if (!sameMetadata) return;
    if (entry.vector === null) unchanged.add(position);
    else if (before.text === (entry.text ?? null)) undecided.push(position);
  });
  if (undecided.length === 0) return unchanged;

  const packs = await readPacks(
    tx,
    undecided.map((position) => (stored[position] as DocumentRow).pack),
  );
  // Of a damaged one nothing is loaded, so nothing of it is there.
  for (const [number, pack] of packs) if (!isWholePack(pack, dimensions)) packs.delete(number);
  for (const position of undecided) {
    const { id, pack, row } = stored[position] as DocumentRow;
    const old = packs.get(pack);
    if (old?.ids[row] !== id) continue;
    if (isRestoring) {
      unchanged.add(position);
      continue;
    }
    const rowBytes = dimensions * 4;
    const start = (entries[position]?.vector ?? 0) * dimensions;
    const given = vectors.subarray(start, start + dimensions);
    const same = sameBytes(
      new Uint8Array(old.data, row * rowBytes, rowBytes),
      new Uint8Array(given.buffer, given.byteOffset, given.byteLength),
    );
    if (same) unchanged.add(position);
  }
  return unchanged;
}

async function readPacks(
  tx: StorageTransaction,
  numbers: readonly number[],
): Promise<Map<number, PackRow>> {
  const wanted = [...new Set(numbers)];
  const packs = new Map<number, PackRow>();
  (await tx.getMany('vectors', wanted)).forEach((pack) => {
    if (pack) packs.set(pack.pack, pack);
  });
  return packs;
}

/** Wipes the vectors of rows that are no longer theirs, in the transaction that made it so. */
async function retireVectors(tx: StorageTransaction, rows: readonly DocumentRow[]): Promise<void> {
  if (rows.length === 0) return;
  const packs = await readPacks(
    tx,
    rows.map(({ pack }) => pack),
  );
  const rewritten: PackRow[] = [];
  const emptied: number[] = [];
  for (const pack of packs.values()) {
    const own = rows.filter(({ row, id, pack: of }) => of === pack.pack && pack.ids[row] === id);
    const wiped = wipeVectors(
      pack,
      own.map(({ row }) => row),
    );
    if (wiped) rewritten.push(wiped);
    else emptied.push(pack.pack);
  }
  if (rewritten.length > 0) await tx.put('vectors', rewritten);
  if (emptied.length > 0) await tx.remove('vectors', emptied);
}

/** The first operation that can be followed, if nothing of the log is lost. */
export function firstKept({ seq, logStart = 1 }: HeadRow): number {
  return Math.max(logStart, seq - (seq % PRUNE_EVERY) - KEPT_OPERATIONS);
}

/** Tabs that have not read the log so far load everything anew. Answers its last operation. */
export async function closeLog(tx: StorageTransaction): Promise<number> {
  const { head } = await readMeta(tx);
  await tx.put('meta', [seal<HeadRow>({ ...head, logStart: head.seq + 1 })]);
  return head.seq;
}

/**
 * Has some entries of a closed log forget the names of documents, those after `above` up to `end`. They stay without them:
 * an operation that is sent again must still be known. Answers the last of them, or `null` if there is none.
 */
export async function forgetNames(
  tx: StorageTransaction,
  above: number,
  end: number,
): Promise<number | null> {
  const rows = await tx.range('operations', { above, below: end + 1, limit: PRUNE_EVERY });
  const intact = rows.filter(isIntact);
  const damaged = rows.filter((row) => !isIntact(row)).map(({ seq }) => seq);
  const nameless = intact.filter(holdsNames).map(withoutNames);
  if (damaged.length > 0) await tx.remove('operations', damaged);
  if (nameless.length > 0) await tx.put('operations', nameless);
  return rows.at(-1)?.seq ?? null;
}

/** Of an operation: documents by name, in what it did or in what it was answered. */
function holdsNames({ keys, result }: OperationRow): boolean {
  return keys.length > 0 || (typeof result === 'object' && result.truncated.length > 0);
}

function withoutNames({ checksum: _, ...row }: OperationRow): OperationRow {
  const result = typeof row.result === 'object' ? { ...row.result, truncated: [] } : row.result;
  return seal<OperationRow>({ ...row, keys: [], result });
}

async function appendOperation(
  tx: StorageTransaction,
  head: HeadRow,
  { documentDelta, writtenBytes }: { documentDelta: number; writtenBytes: number },
  operation: Omit<OperationRow, 'checksum'>,
): Promise<void> {
  const { seq } = operation;
  // First: encrypted, a table's keys can be read without its rows only while nothing is written to it.
  if (seq % PRUNE_EVERY === 0) {
    await tx.removeRange('operations', { below: seq - KEPT_OPERATIONS });
  }
  await tx.put('operations', [seal<OperationRow>(operation)]);
  await tx.put('meta', [
    seal<HeadRow>({
      ...head,
      seq,
      documentCount: head.documentCount + documentDelta,
      writtenBytes: (head.writtenBytes ?? 0) + writtenBytes,
    }),
  ]);
}

/** About what rows take, without vectors and metadata. */
export function rowBytes(rows: readonly DocumentRow[]): number {
  return rows.reduce((sum, { id, text }) => sum + ROW_BYTES + id.length + (text?.length ?? 0), 0);
}

function createPackBuilder(seq: number, { dimensions, embedderId }: IndexRow) {
  const namespaces: string[] = [];
  const ids: string[] = [];
  const vectors: Float32Array[] = [];
  return {
    add(key: { namespace: string; id: string }, source: Float32Array, row: number) {
      namespaces.push(key.namespace);
      ids.push(key.id);
      vectors.push(source.subarray(row * dimensions, (row + 1) * dimensions));
      return { pack: seq, row: ids.length - 1 };
    },
    build(): PackRow | null {
      if (ids.length === 0) return null;
      const data = new Float32Array(ids.length * dimensions);
      vectors.forEach((vector, row) => data.set(vector, row * dimensions));
      return seal<PackRow>({
        pack: seq,
        dimensions,
        embedderId,
        namespaces,
        ids,
        data: data.buffer,
      });
    },
  };
}
