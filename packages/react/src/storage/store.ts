import { VectorIndexError } from '../core/errors.ts';
import type { DocumentId, Durability, HnswOptions, Metadata, Metric } from '../core/types.ts';
import { sameCanonical } from './canonical.ts';
import {
  commitPut,
  commitRemove,
  embedderMismatch,
  findMeta,
  namespaceRange,
  readMeta,
  rowBytes,
} from './commit.ts';
import type {
  Committed,
  PutOperation,
  PutOutcome,
  RemoveOperation,
  RemoveOutcome,
} from './commit.ts';
import type { StorageDriver, StorageTransaction } from './driver.ts';
import { eachRow } from './each-row.ts';
import { keyRequiredError } from './encryption/encryption-errors.ts';
import { KEY_ROWS } from './encryption/index-key.ts';
import { isWholePack } from './packs.ts';
import { SCHEMA_VERSION, isIntact, isUnreadable, seal } from './schema.ts';
import type { DocumentKey, DocumentRow, HeadRow, IndexRow, PackRow } from './schema.ts';

/** Packs read at once while loading, to begin with, and then as many as make about this much. */
const LOAD_BATCH = 32;
const LOAD_BYTES = 2 ** 23;
/** Operations read at once while catching up. */
const TAIL_BATCH = 64;
const HEAL_BATCH = 64;
/** What an operation writes: not snapshots, which may be staged meanwhile. */
const WRITTEN = ['meta', 'documents', 'vectors', 'operations'] as const;

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
  /** How many documents there were then. */
  readonly documentCount: number;
  readonly operations: readonly Committed[];
}

export interface NamespaceSize {
  readonly namespace: string;
  readonly documentCount: number;
  readonly bytes: number;
}

/** Reads and writes of one index, each in one transaction. Rows are the truth. */
export interface Store {
  /**
   * Makes the index, or checks that the one that is there fits. What describes it is written anew
   * from the other rows if it is lost or damaged.
   */
  open(
    wanted: IndexDescription,
    birthId: string,
  ): Promise<{ readonly index: IndexRow; readonly healedRows: number }>;
  /**
   * Shows every intact pack to what `begin` returns, and answers the log's end that they stand for.
   * Begins anew if others write meanwhile and the storage cannot keep that apart.
   */
  load(
    begin: () => (pack: PackRow) => void,
  ): Promise<Pick<HeadRow, 'seq' | 'documentCount'> & { readonly damagedPacks: number }>;
  /** Operations after `seq`, or `null` when the log does not reach back that far. */
  tail(seq: number): Promise<Tail | null>;
  /** The log's end. */
  head(): Promise<HeadRow>;
  plan(documents: readonly PlannedDocument[]): Promise<PlannedAction[]>;
  put(operation: PutOperation): Promise<PutOutcome>;
  remove(operation: RemoveOperation): Promise<RemoveOutcome>;
  /** Rows in the order of `keys`; absent or damaged ones are `undefined`. */
  documents(keys: readonly DocumentKey[]): Promise<(DocumentRow | undefined)[]>;
  documentWithVector(
    key: DocumentKey,
  ): Promise<{ row: DocumentRow; vector: Float32Array<ArrayBuffer> | undefined } | undefined>;
  /**
   * Shows every intact row, in no order, and answers the ids of those that `visit` chooses. Begins anew if
   * others write meanwhile and the storage cannot keep that apart.
   */
  eachDocument(visit: (row: DocumentRow) => boolean): Promise<DocumentId[]>;
  /** The namespaces, with about what their rows take, vectors included. */
  namespaces(): Promise<NamespaceSize[]>;
  list(namespace: string, limit: number, after: string | undefined): Promise<DocumentRow[]>;
}

/** IndexedDB counts in 32 bits. */
const MOST_ROWS = 2 ** 32 - 1;

export function createStore(
  driver: StorageDriver,
  /** Of operations. What describes the index is always strict. */
  durability: Durability = 'strict',
): Store {
  return {
    async open(wanted, birthId) {
      // Hardly ever is there anything to write. Writing would wait for all who read, and a worker that
      // hangs holds what it read for seconds after its end.
      const found = await driver.transaction('readonly', ['meta'], async (tx) => {
        await refuseEncrypted(tx);
        return findIndex(tx, wanted);
      });
      if (found && !found.isAdopted) return { index: found.index, healedRows: 0 };
      const opened = await driver.transaction('readwrite', ['meta'], async (tx) => {
        await refuseEncrypted(tx);
        return openIndex(tx, wanted);
      });
      if (opened) return { index: opened, healedRows: 0 };
      return driver.transaction('readwrite', WRITTEN, (tx) => makeOrHeal(tx, wanted, birthId));
    },

    load: (begin) =>
      driver.transaction('readonly', ['meta', 'vectors'], async (tx) => {
        const { index, head } = await readMeta(tx);
        const visit = begin();
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
            if (isWholePack(pack, index.dimensions)) visit(pack);
            else damagedPacks++;
          }
          if (!isMore) break;
        }
        const { seq, documentCount } = head;
        return { seq, documentCount, damagedPacks };
      }),

    tail: (seq) =>
      driver.transaction('readonly', ['meta', 'operations', 'vectors'], (tx) => readTail(tx, seq)),

    head: () => driver.transaction('readonly', ['meta'], async (tx) => (await readMeta(tx)).head),

    plan: (documents) =>
      driver.transaction('readonly', ['documents'], async (tx) => {
        const rows = await tx.getMany('documents', documents.map(keyOf));
        return documents.map((document, position) => planDocument(document, rows[position]));
      }),

    put: (operation) =>
      driver.transaction('readwrite', WRITTEN, (tx) => commitPut(tx, operation), durability),

    remove: (operation) =>
      driver.transaction('readwrite', WRITTEN, (tx) => commitRemove(tx, operation), durability),

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

    eachDocument: (visit) =>
      driver.transaction('readonly', ['documents'], async (tx) => {
        const chosen: DocumentId[] = [];
        await eachRow(tx, 'documents', keyOf, (row) => {
          if (isIntact(row) && visit(row)) chosen.push(row.id);
        });
        return chosen;
      }),

    namespaces: () =>
      driver.transaction('readonly', ['meta', 'documents'], async (tx) => {
        const { index } = await readMeta(tx);
        const found = new Map<string, NamespaceSize>();
        await eachRow(tx, 'documents', keyOf, (row) => {
          if (!isIntact(row)) return;
          const { namespace } = row;
          const { documentCount, bytes } = found.get(namespace) ?? { documentCount: 0, bytes: 0 };
          found.set(namespace, {
            namespace,
            documentCount: documentCount + 1,
            bytes: bytes + rowBytes([row]) + index.dimensions * 4,
          });
        });
        return [...found.values()];
      }),

    list: (namespace, limit, after) =>
      driver.transaction('readonly', ['documents'], async (tx) => {
        const { from, below } = namespaceRange(namespace);
        const found: DocumentRow[] = [];
        let last = after;
        // Fewer than were asked for would mean that there are no more.
        while (found.length < limit) {
          const asked = Math.min(limit - found.length, MOST_ROWS);
          const rows = await tx.range('documents', {
            ...(last === undefined ? { from } : { above: [namespace, last] }),
            below,
            limit: asked,
          });
          for (const row of rows) if (isIntact(row)) found.push(row);
          // What cannot be read comes last, under a hash that says nothing of where to go on.
          if (rows.length < asked || rows.some(isUnreadable)) break;
          last = rows.at(-1)?.id;
        }
        return found;
      }),
  };
}

/** An index that is encrypted shows its key's rows to whoever reads it without. */
async function refuseEncrypted(tx: StorageTransaction): Promise<void> {
  if ((await tx.getMany('meta', KEY_ROWS)).some(Boolean)) throw keyRequiredError();
}

/** `null`: not made yet, or not readable. One whose embedder is adopted is still to be written. */
async function findIndex(
  tx: StorageTransaction,
  wanted: IndexDescription,
): Promise<{ readonly index: IndexRow; readonly isAdopted: boolean } | null> {
  const { index, head } = await findMeta(tx);
  if (!index || !head) return null;
  checkFits(index, wanted);
  if (wanted.embedderId === null || wanted.embedderId === index.embedderId) {
    return { index, isAdopted: false };
  }
  // An empty index has no vectors of anyone yet.
  if (head.documentCount > 0) throw embedderMismatch(index.embedderId, wanted.embedderId);
  return { index: seal<IndexRow>({ ...index, embedderId: wanted.embedderId }), isAdopted: true };
}

async function openIndex(
  tx: StorageTransaction,
  wanted: IndexDescription,
): Promise<IndexRow | null> {
  const found = await findIndex(tx, wanted);
  if (found?.isAdopted) await tx.put('meta', [found.index]);
  return found && found.index;
}

async function makeOrHeal(
  tx: StorageTransaction,
  wanted: IndexDescription,
  birthId: string,
): Promise<{ index: IndexRow; healedRows: number }> {
  // Once more, since another tab may have made it meanwhile.
  await refuseEncrypted(tx);
  const found = await findMeta(tx);
  const rows = await measureRows(tx);
  const isNew = rows.seq === 0 && !found.index && !found.head;
  const index =
    found.index ??
    seal<IndexRow>({
      key: 'index',
      schemaVersion: SCHEMA_VERSION,
      metric: wanted.metric,
      dimensions: rows.pack?.dimensions ?? wanted.dimensions,
      embedderId: rows.pack ? rows.pack.embedderId : wanted.embedderId,
      hnsw: wanted.hnsw,
      birthId,
    });
  const head =
    found.head ??
    seal<HeadRow>({
      key: 'head',
      seq: rows.seq,
      documentCount: rows.documentCount,
      // Which of the log may have forgotten what it did is lost.
      ...(isNew ? {} : { logStart: rows.seq + 1 }),
    });
  await tx.put('meta', [index, head]);
  const healedRows = isNew ? 0 : Number(!found.index) + Number(!found.head);
  return { index: (await openIndex(tx, wanted)) ?? index, healedRows };
}

/** What the other rows say of the log's end. Reads them all: only once what said so is lost. */
async function measureRows(
  tx: StorageTransaction,
): Promise<{ seq: number; documentCount: number; pack: PackRow | undefined }> {
  const lastOf = async (table: 'vectors' | 'operations') => {
    const last = (await tx.keys(table)).at(-1);
    return typeof last === 'number' ? last : 0;
  };
  let seq = Math.max(await lastOf('operations'), await lastOf('vectors'));
  let documentCount = 0;
  await eachRow(tx, 'documents', keyOf, (row) => {
    documentCount++;
    if (isIntact(row)) seq = Math.max(seq, row.seq);
  });
  const packs = await tx.range('vectors', { limit: HEAL_BATCH });
  return { seq, documentCount, pack: packs.find(isIntact) };
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
  if (head.seq < after || after + 1 < (head.logStart ?? 1)) return null;
  const { seq, documentCount } = head;
  if (seq === after) return { seq, documentCount, operations: [] };
  const rows = await tx.range('operations', { above: after, limit: TAIL_BATCH });
  const isContiguous = rows.every((row, position) => row.seq === after + 1 + position);
  if (rows.length === 0 || !isContiguous || !rows.every(isIntact)) return null;
  const numbers = rows.flatMap(({ pack }) => (pack === null ? [] : [pack]));
  const packs = new Map<number, PackRow>();
  for (const pack of await tx.getMany('vectors', numbers)) {
    if (pack && isIntact(pack)) packs.set(pack.pack, pack);
  }
  return {
    seq,
    documentCount,
    operations: rows.map((row) => ({
      seq: row.seq,
      removed: row.kind === 'remove' ? row.keys : [],
      changed: row.kind === 'put' ? row.keys : [],
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

function keyOf({ namespace, id }: { namespace: string; id: string }): DocumentKey {
  return [namespace, id];
}
