import { VectorIndexError } from '../core/errors.ts';
import type { HnswOptions, Metadata, Metric } from '../core/types.ts';
import { sameCanonical } from './canonical.ts';
import { commitPut, commitRemove, embedderMismatch, namespaceRange, readMeta } from './commit.ts';
import type {
  Committed,
  PutOperation,
  PutOutcome,
  RemoveOperation,
  RemoveOutcome,
} from './commit.ts';
import type { StorageDriver, StorageTransaction } from './driver.ts';
import { SCHEMA_VERSION, TABLE_NAMES, isIntact, seal } from './schema.ts';
import type { DocumentKey, DocumentRow, HeadRow, IndexRow, PackRow } from './schema.ts';

/** Packs read at once while loading, to begin with, and then as many as make about this much. */
const LOAD_BATCH = 32;
const LOAD_BYTES = 2 ** 23;
/** Operations read at once while catching up. */
const TAIL_BATCH = 64;

export interface IndexDescription {
  readonly metric: Metric;
  readonly dimensions: number;
  /** `null`: not said. */
  readonly embedderId: string | null;
  readonly hnsw: HnswOptions;
}

export interface PlannedDocument {
  readonly namespace: string;
  readonly id: string;
  readonly text: string | undefined;
  readonly metadata: Metadata | undefined;
}

export interface PlannedAction {
  /**
   * `embed`: new, or its text changed. `keep`: only metadata changed. `same`: nothing to do.
   * `missing`: neither text nor vector was given, and there is no such document.
   */
  readonly action: 'embed' | 'keep' | 'same' | 'missing';
  /** Of what is stored. */
  readonly truncated: boolean;
}

export interface Tail {
  /** The log's end when it was read. */
  readonly seq: number;
  readonly operations: readonly Committed[];
}

/** Reads and writes of one index, each in one transaction. Rows are the truth. */
export interface Store {
  /** Makes the index, or checks that the one that is there fits. */
  open(wanted: IndexDescription, birthId: string): Promise<IndexRow>;
  /** Shows every intact pack to `visit`, and answers the log's end that they stand for. */
  load(visit: (pack: PackRow) => void): Promise<{ seq: number; damagedPacks: number }>;
  /** Operations after `seq`, or `null` when the log does not reach back that far. */
  tail(seq: number): Promise<Tail | null>;
  plan(documents: readonly PlannedDocument[]): Promise<PlannedAction[]>;
  put(operation: PutOperation): Promise<PutOutcome>;
  remove(operation: RemoveOperation): Promise<RemoveOutcome>;
  /** Rows in the order of `keys`; absent or damaged ones are `undefined`. */
  documents(keys: readonly DocumentKey[]): Promise<(DocumentRow | undefined)[]>;
  documentWithVector(
    key: DocumentKey,
  ): Promise<{ row: DocumentRow; vector: Float32Array<ArrayBuffer> | undefined } | undefined>;
  list(namespace: string, limit: number, after: string | undefined): Promise<DocumentRow[]>;
}

export function createStore(driver: StorageDriver): Store {
  return {
    open: (wanted, birthId) =>
      driver.transaction('readwrite', ['meta'], (tx) => openIndex(tx, wanted, birthId)),

    load: (visit) =>
      driver.transaction('readonly', ['meta', 'vectors'], async (tx) => {
        const { index, head } = await readMeta(tx);
        let damagedPacks = 0;
        let limit = LOAD_BATCH;
        let reading = tx.range('vectors', { limit });
        for (;;) {
          const packs = await reading;
          const last = packs.at(-1);
          const isMore = last !== undefined && packs.length === limit;
          if (isMore) {
            limit = nextLimit(packs);
            // The database reads on while these are checked.
            reading = tx.range('vectors', { above: last.pack, limit });
            reading.catch(() => undefined);
          }
          for (const pack of packs) {
            if (isUsable(pack, index)) visit(pack);
            else damagedPacks++;
          }
          if (!isMore) break;
        }
        return { seq: head.seq, damagedPacks };
      }),

    tail: (seq) =>
      driver.transaction('readonly', ['meta', 'operations', 'vectors'], (tx) => readTail(tx, seq)),

    plan: (documents) =>
      driver.transaction('readonly', ['documents'], async (tx) => {
        const rows = await tx.getMany('documents', documents.map(keyOf));
        return documents.map((document, position) => planDocument(document, rows[position]));
      }),

    put: (operation) =>
      driver.transaction('readwrite', TABLE_NAMES, (tx) => commitPut(tx, operation)),

    remove: (operation) =>
      driver.transaction('readwrite', TABLE_NAMES, (tx) => commitRemove(tx, operation)),

    documents: (keys) =>
      driver.transaction('readonly', ['documents'], async (tx) =>
        (await tx.getMany('documents', keys)).map((row) =>
          row && isIntact(row) ? row : undefined,
        ),
      ),

    documentWithVector: (key) =>
      driver.transaction('readonly', ['documents', 'vectors'], async (tx) => {
        const row = await tx.get('documents', key);
        if (!row || !isIntact(row)) return undefined;
        const pack = await tx.get('vectors', row.pack);
        if (!pack || !isIntact(pack) || pack.ids[row.row] !== row.id) {
          return { row, vector: undefined };
        }
        const start = row.row * pack.dimensions * 4;
        const bytes = pack.data.slice(start, start + pack.dimensions * 4);
        return { row, vector: new Float32Array(bytes) };
      }),

    list: (namespace, limit, after) =>
      driver.transaction('readonly', ['documents'], async (tx) => {
        const { from, below } = namespaceRange(namespace);
        const rows = await tx.range(
          'documents',
          after === undefined
            ? { from, below, limit }
            : { above: [namespace, after], below, limit },
        );
        return rows.filter(isIntact);
      }),
  };
}

async function openIndex(
  tx: StorageTransaction,
  wanted: IndexDescription,
  birthId: string,
): Promise<IndexRow> {
  const description = (embedderId: string | null, from = wanted, birth = birthId) =>
    seal<IndexRow>({
      key: 'index',
      schemaVersion: SCHEMA_VERSION,
      metric: from.metric,
      dimensions: from.dimensions,
      embedderId,
      hnsw: from.hnsw,
      birthId: birth,
    });

  if (!(await tx.get('meta', 'index'))) {
    const created = description(wanted.embedderId);
    await tx.put('meta', [created, seal<HeadRow>({ key: 'head', seq: 0, documentCount: 0 })]);
    return created;
  }

  const { index, head } = await readMeta(tx);
  checkFits(index, wanted);
  if (wanted.embedderId === null || wanted.embedderId === index.embedderId) return index;
  // An empty index has no vectors of anyone yet.
  if (head.documentCount > 0) throw embedderMismatch(index.embedderId, wanted.embedderId);
  const adopted = description(wanted.embedderId, index, index.birthId);
  await tx.put('meta', [adopted]);
  return adopted;
}

function checkFits(stored: IndexRow, wanted: IndexDescription): void {
  if (stored.schemaVersion > SCHEMA_VERSION) {
    throw new VectorIndexError(
      'upgrade-required',
      'The index was written by a newer version of the app.',
      'Reload the page to get the newer version.',
    );
  }
  // Another embedder is the reason for other dimensions, so it is named first.
  if (
    wanted.embedderId !== null &&
    stored.embedderId !== null &&
    stored.embedderId !== wanted.embedderId &&
    stored.dimensions !== wanted.dimensions
  ) {
    throw embedderMismatch(stored.embedderId, wanted.embedderId);
  }
  if (stored.dimensions !== wanted.dimensions) {
    throw new VectorIndexError(
      'dimension-mismatch',
      `The index holds vectors of ${stored.dimensions} dimensions, not ${wanted.dimensions}.`,
      'Open it with its own dimensions, use another name, or destroy() it first.',
    );
  }
  if (stored.metric !== wanted.metric) {
    throw new VectorIndexError(
      'invalid-input',
      `The index was made for the metric "${stored.metric}", not "${wanted.metric}".`,
      'Open it with its own metric, use another name, or destroy() it first.',
    );
  }
}

async function readTail(tx: StorageTransaction, after: number): Promise<Tail | null> {
  const { head } = await readMeta(tx);
  if (head.seq < after) return null;
  if (head.seq === after) return { seq: after, operations: [] };
  const rows = await tx.range('operations', { above: after, limit: TAIL_BATCH });
  const isContiguous = rows.every((row, position) => row.seq === after + 1 + position);
  if (rows.length === 0 || !isContiguous || !rows.every(isIntact)) return null;
  const numbers = rows.flatMap(({ pack }) => (pack === null ? [] : [pack]));
  const packs = new Map<number, PackRow>();
  for (const pack of await tx.getMany('vectors', numbers)) {
    if (pack && isIntact(pack)) packs.set(pack.pack, pack);
  }
  return {
    seq: head.seq,
    operations: rows.map((row) => ({
      seq: row.seq,
      removed: row.kind === 'remove' ? row.keys : [],
      pack: (row.pack === null ? undefined : packs.get(row.pack)) ?? null,
    })),
  };
}

function planDocument(document: PlannedDocument, row: DocumentRow | undefined): PlannedAction {
  const stored = row && isIntact(row) ? row : undefined;
  if (!stored) {
    return { action: document.text === undefined ? 'missing' : 'embed', truncated: false };
  }
  const { truncated } = stored;
  if (document.text !== undefined && document.text !== stored.text) {
    return { action: 'embed', truncated };
  }
  const sameMetadata =
    document.metadata === undefined && document.text === undefined
      ? true
      : sameCanonical(document.metadata ?? {}, stored.metadata);
  return { action: sameMetadata ? 'same' : 'keep', truncated };
}

/** Inserts of one document and of hundreds leave packs of very different sizes. */
function nextLimit(packs: readonly PackRow[]): number {
  const bytes = packs.reduce((sum, { data }) => sum + data.byteLength, 0);
  const each = Math.max(256, bytes / packs.length);
  return Math.max(8, Math.min(1_024, Math.floor(LOAD_BYTES / each)));
}

/** A pack is read as one block of numbers: its parts must add up. */
function isUsable(pack: PackRow, { dimensions }: IndexRow): boolean {
  return (
    isIntact(pack) &&
    pack.dimensions === dimensions &&
    pack.data.byteLength === pack.ids.length * dimensions * 4
  );
}

function keyOf({ namespace, id }: { namespace: string; id: string }): DocumentKey {
  return [namespace, id];
}
