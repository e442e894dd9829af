import {
  VectorIndexError,
  type SearchHit,
  type SearchParams,
  type VectorDocument,
  type VectorIndex,
} from '../core/index.ts';
import { hitsPerItem, rankHits } from './rank.ts';
import type {
  ChatMemory,
  ChatMemoryOptions,
  ChatTurn,
  ForgetReceipt,
  ForgetTarget,
  MemoryItem,
  RecalledItem,
  RecallOptions,
  TurnMetadata,
} from './types.ts';

const defaultK = 5;
const defaultMinScore = 0.25;

/** How often a question may have been asked before in the same words. */
const repetitions = 4;
const leftOutStep = 8;

/**
 * Chat memory on an index: turns are documents, so they are stored, embedded and removed like
 * any other. Several memories may share an index; namespaces keep them apart.
 *
 * @example
 * ```ts
 * import { createChatMemory, createVectorIndex, type TurnMetadata } from '@akin/react';
 * import { minilm } from '@akin/minilm';
 *
 * const index = createVectorIndex<TurnMetadata>({ name: 'chat', embedder: minilm() });
 * const memory = createChatMemory(index, { namespace: 'nora', threadId: 'monday' });
 * await memory.remember({ id: '1', role: 'user', text: 'My dog is called Pepper.' });
 * const recalled = await memory.recall('What is my dog called?');
 * ```
 */
export function createChatMemory(
  index: VectorIndex<TurnMetadata>,
  { namespace, threadId }: ChatMemoryOptions,
): ChatMemory {
  return {
    namespace,
    threadId,

    async remember(turns) {
      const items = asList(turns)
        .filter((turn) => turn.text.trim() !== '')
        .map((turn) => turnToItem(turn, threadId));
      if (items.length > 0) {
        await index.insert(items.map((item) => itemToDocument(item, namespace)));
      }
      return items;
    },

    async recall(query, options = {}) {
      if (query.trim() === '') return [];
      return recall(index, namespace, query, options);
    },

    forget: (target) => forget(index, namespace, target),

    count: () => index.count(namespace),
  };
}

async function recall(
  index: VectorIndex<TurnMetadata>,
  namespace: string,
  query: string,
  options: RecallOptions,
): Promise<readonly RecalledItem[]> {
  const { hits } = await index.search(query, {
    ...recallParams(namespace, options),
    signal: options.signal,
  });
  return hitsToItems(hits, query, options);
}

/** The search behind a recall. */
export function recallParams(
  namespace: string,
  { k = defaultK, minScore = defaultMinScore, exclude = [] }: RecallOptions,
): SearchParams<TurnMetadata> {
  // Turns that are left out must not use up places. In steps, so that a conversation that grows
  // does not ask anew at every turn.
  const leftOut = new Set(exclude).size + repetitions;
  return {
    namespace,
    minScore,
    k: k * hitsPerItem + Math.ceil(leftOut / leftOutStep) * leftOutStep,
  };
}

/** What of a search's hits is recalled. */
export function hitsToItems(
  hits: readonly SearchHit<TurnMetadata>[],
  query: string,
  { k = defaultK, exclude = [] }: RecallOptions,
): readonly RecalledItem[] {
  const leftOut = new Set(exclude);
  const asked = wordsOf(query);
  return rankHits(hits)
    .filter((hit) => !leftOut.has(hit.id) && wordsOf(hit.text ?? '') !== asked)
    .slice(0, k)
    .map((hit) => ({
      id: hit.id,
      threadId: hit.metadata.threadId,
      role: hit.metadata.role,
      text: hit.text ?? '',
      createdAt: hit.metadata.createdAt,
      score: hit.score,
    }));
}

/** A turn that says just what is asked is the question, asked before: it answers nothing. */
function wordsOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

async function forget(
  index: VectorIndex<TurnMetadata>,
  namespace: string,
  target: ForgetTarget,
): Promise<ForgetReceipt> {
  if ('all' in target && target.all) {
    const removed = await index.remove({ namespace });
    return { removed, undo: () => Promise.reject(undoOfAllError()) };
  }
  // Untyped code may give neither, and is told so.
  const ids = 'ids' in target ? target.ids : [(target as { readonly id: string }).id];
  // Read first, with vectors, so that undoing embeds nothing.
  const stored = await Promise.all(ids.map((id) => index.get(id, { namespace, vector: true })));
  const documents: VectorDocument<TurnMetadata>[] = stored.flatMap((document) =>
    document === undefined
      ? []
      : [
          {
            id: document.id,
            namespace,
            text: document.text,
            vector: document.vector,
            metadata: document.metadata,
          },
        ],
  );
  const removed = await index.remove({ ids, namespace });
  return {
    removed,
    async undo() {
      if (documents.length > 0) await index.insert(documents);
    },
  };
}

function undoOfAllError(): VectorIndexError {
  return new VectorIndexError(
    'invalid-input',
    'Forgetting a whole namespace cannot be undone.',
    'Forget turns by id where undo is offered.',
  );
}

function turnToItem(turn: ChatTurn, threadId: string): MemoryItem {
  return {
    id: turn.id,
    threadId,
    role: turn.role,
    text: turn.text,
    createdAt: turn.createdAt ?? Date.now(),
  };
}

function itemToDocument(item: MemoryItem, namespace: string): VectorDocument<TurnMetadata> {
  const { id, text, threadId, role, createdAt } = item;
  return { id, namespace, text, metadata: { threadId, role, createdAt } };
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
