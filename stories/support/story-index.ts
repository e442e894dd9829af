import { minilm } from '@akin/minilm';
import {
  createVectorIndex,
  type Embedder,
  type VectorDocument,
  type VectorIndex,
  type VectorIndexOptions,
} from '@akin/react';
import passages from './passages.json';

export interface PassageMetadata extends Record<string, unknown> {
  readonly title: string;
}

/** Passages of State of the Union addresses, 1997–2021. */
export const documents: readonly VectorDocument<PassageMetadata>[] = passages.map(
  ({ id, title, text }) => ({ id, text, metadata: { title } }),
);

/** The real model, loaded once for all stories of a page. */
export const model: Embedder = minilm();

let storyCount = 0;
const opened = new Set<VectorIndex>();

/** A real index with a database of its own, deleted when the story is left. */
export function openStoryIndex(options: Partial<VectorIndexOptions> = {}): VectorIndex {
  storyCount += 1;
  const index = createVectorIndex({
    name: `story-${storyCount}-${crypto.randomUUID()}`,
    embedder: model,
    ...options,
  });
  opened.add(index);
  return index;
}

export async function destroyStoryIndexes(): Promise<void> {
  const indexes = [...opened];
  opened.clear();
  // An index whose worker never started has no database, and says so.
  await Promise.allSettled(indexes.map((index) => index.destroy()));
}

/** What a story is told by its loader. */
export interface StoryLoad {
  readonly index: VectorIndex;
}

/** Loader of an index that holds the passages. */
export async function loadPassages(): Promise<StoryLoad> {
  const index = openStoryIndex();
  await index.insert(await embedded(documents));
  return { index };
}

const embeddedByText = new Map<string, Promise<Float32Array>>();

/** The same documents with their vectors, so that only the first story of a page embeds them. */
export function embedded<D extends VectorDocument>(docs: readonly D[]): Promise<D[]> {
  return Promise.all(
    docs.map(async (doc) => {
      const text = doc.text ?? '';
      const vector = embeddedByText.get(text) ?? embedOne(text);
      embeddedByText.set(text, vector);
      return { ...doc, vector: await vector };
    }),
  );
}

async function embedOne(text: string): Promise<Float32Array> {
  const [embedding] = await model.embed([text], { purpose: 'document' });
  if (embedding === undefined) throw new Error('The model gave no vector.');
  return embedding.vector;
}
