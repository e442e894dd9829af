import type { CheckedDocument } from './documents.ts';
import { embedTexts } from './embed.ts';
import { VectorIndexError, abortedError, invalidInput } from './errors.ts';
import { randomId } from './ports.ts';
import type { PlanReply, PutDocument } from './protocol.ts';
import type { Supervisor } from './supervisor.ts';
import type { DocumentId, Embedder, InsertOptions, InsertResult } from './types.ts';

/** Documents compared with what is stored in one question. */
const PLAN_BATCH = 256;
/** Texts embedded, and then stored, at once: progress and cancelling are as fine as this. */
const EMBED_BATCH = 16;
/** Documents stored at once when there is nothing to embed. */
const PUT_BATCH = 256;
const PUT_BYTES = 2 ** 22;
/** Tries before giving up on a text that other tabs keep changing. */
const REPLANS = 5;

export interface InsertContext {
  readonly supervisor: Supervisor;
  readonly embedder: Embedder | undefined;
  readonly dimensions: number;
}

/** A document on its way, with its vector once it has one. */
interface Item {
  readonly document: CheckedDocument;
  readonly vector: Float32Array | null;
  readonly truncated: boolean;
}

type Plan = PlanReply['actions'];

/**
 * Stores documents batch by batch: what is new or changed is embedded, the next batch while the
 * last is being stored. `onStored` hears of every batch once it is acknowledged.
 */
export async function insertDocuments(
  context: InsertContext,
  documents: readonly CheckedDocument[],
  { signal }: Pick<InsertOptions, 'signal'>,
  onStored: (count: number) => void,
): Promise<InsertResult> {
  const total = { inserted: 0, updated: 0, unchanged: 0, truncated: [] as DocumentId[] };
  let storing: Promise<void> = Promise.resolve();

  const store = async (items: readonly Item[]) => {
    // One batch is on its way at a time; its error ends the insert here.
    await storing;
    if (signal?.aborted) throw abortedError();
    storing = putItems(context, items, signal).then((result) => {
      total.inserted += result.inserted;
      total.updated += result.updated;
      total.unchanged += result.unchanged;
      total.truncated.push(...result.truncated);
      onStored(items.length);
    });
    // Heard by the next `await storing`.
    storing.catch(() => undefined);
  };

  try {
    for (const batch of ready(documents, context.dimensions)) await store(batch);
    const texts = documents.filter(({ vector }) => vector === undefined);
    for await (const { items, same } of planned(context, texts, signal)) {
      if (same.length > 0) {
        total.unchanged += same.length;
        for (const { document, truncated } of same)
          if (truncated) total.truncated.push(document.id);
        onStored(same.length);
      }
      if (items.length > 0) await store(items);
    }
  } finally {
    // What was sent is stored or not before the caller hears of the end, whatever ended it.
    await storing.catch(() => undefined);
  }
  await storing;
  return total;
}

/** Documents that brought their vectors. */
function* ready(documents: readonly CheckedDocument[], dimensions: number): Generator<Item[]> {
  const items = documents.flatMap((document): Item[] =>
    document.vector ? [{ document, vector: document.vector, truncated: false }] : [],
  );
  const size = Math.max(1, Math.min(PUT_BATCH, Math.floor(PUT_BYTES / (dimensions * 4))));
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Documents that may need embedding, in batches to store; `same` are done already. */
async function* planned(
  context: InsertContext,
  documents: readonly CheckedDocument[],
  signal: AbortSignal | undefined,
): AsyncGenerator<{ items: Item[]; same: Item[] }> {
  for (let at = 0; at < documents.length; at += PLAN_BATCH) {
    const batch = documents.slice(at, at + PLAN_BATCH);
    const plan = await askPlan(context, batch, signal);
    const pick = (wanted: Plan[number]['action']) =>
      batch.flatMap((document, position): Item[] => {
        const { action, truncated = false } = plan[position] ?? {};
        return action === wanted ? [{ document, vector: null, truncated }] : [];
      });
    yield { items: pick('keep'), same: pick('same') };
    const texts = pick('embed').map(({ document }) => document);
    for (let first = 0; first < texts.length; first += EMBED_BATCH) {
      const items = await embedItems(context, texts.slice(first, first + EMBED_BATCH), signal);
      yield { items, same: [] };
    }
  }
}

async function askPlan(
  { supervisor }: InsertContext,
  documents: readonly CheckedDocument[],
  signal: AbortSignal | undefined,
): Promise<Plan> {
  const { actions } = await supervisor.call('plan', { documents }, { signal });
  const missing = actions.findIndex(({ action }) => action === 'missing');
  if (missing >= 0) {
    throw invalidInput(
      `There is no document "${documents[missing]?.id}" yet.`,
      'Give a new document a text or a vector.',
    );
  }
  return actions;
}

async function embedItems(
  { embedder }: InsertContext,
  documents: readonly CheckedDocument[],
  signal: AbortSignal | undefined,
): Promise<Item[]> {
  if (documents.length === 0) return [];
  const embeddings = await embedTexts(
    embedder,
    documents.map(({ text }) => text ?? ''),
    { purpose: 'document', signal },
  );
  return documents.map((document, position) => ({
    document,
    vector: embeddings[position]?.vector ?? null,
    truncated: embeddings[position]?.truncated === true,
  }));
}

async function putItems(
  context: InsertContext,
  items: readonly Item[],
  signal: AbortSignal | undefined,
): Promise<InsertResult> {
  for (let attempt = 0; attempt < REPLANS; attempt++) {
    const reply = await context.supervisor.call('put', putPayload(context, items));
    if (reply.kind === 'stored') return reply.result;
    items = await planAgain(context, items, signal);
  }
  throw new VectorIndexError(
    'timeout',
    'Another tab kept changing the same documents.',
    'Do it again once the other tab is done.',
  );
}

/** Another tab changed a text whose vector was to be kept: embed what needs it now. */
async function planAgain(
  context: InsertContext,
  items: readonly Item[],
  signal: AbortSignal | undefined,
): Promise<Item[]> {
  const documents = items.map(({ document }) => document);
  const plan = await askPlan(context, documents, signal);
  const stale = documents.filter((_, position) => {
    return items[position]?.vector === null && plan[position]?.action === 'embed';
  });
  const embedded = await embedItems(context, stale, signal);
  const byDocument = new Map(embedded.map((item) => [item.document, item]));
  return items.map((item) => byDocument.get(item.document) ?? item);
}

function putPayload({ embedder, dimensions }: InsertContext, items: readonly Item[]) {
  const count = items.filter(({ vector }) => vector !== null).length;
  const vectors = new Float32Array(count * dimensions);
  let row = 0;
  const documents = items.map(({ document, vector, truncated }): PutDocument => {
    if (vector) vectors.set(vector, row * dimensions);
    return { ...document, truncated, vector: vector && row++ };
  });
  // Not transferred: if the worker dies the same bytes are sent to the next one.
  return { opId: randomId(), embedderId: embedder?.id ?? null, documents, vectors };
}
