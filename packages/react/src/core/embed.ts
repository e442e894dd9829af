import { VectorIndexError, abortedError, invalidInput, isVectorIndexError } from './errors.ts';
import type { EmbedOptions, Embedder, Embedding } from './types.ts';

/** Asks the embedder, and believes nothing that it answers. */
export async function embedTexts(
  embedder: Embedder | undefined,
  texts: readonly string[],
  options: EmbedOptions,
): Promise<readonly Embedding[]> {
  if (!embedder) {
    throw invalidInput(
      'The index has no embedder to turn text into vectors.',
      'Pass `embedder` in the options, or give vectors.',
    );
  }
  const { signal } = options;
  if (signal?.aborted) throw abortedError();
  let embeddings: readonly Embedding[];
  try {
    embeddings = await embedder.embed(texts, options);
  } catch (error) {
    if (signal?.aborted) throw abortedError();
    if (isVectorIndexError(error)) throw error;
    throw new VectorIndexError(
      'embed-failed',
      `The embedder "${embedder.id}" failed.`,
      'See the cause; try again once it is gone.',
      error,
    );
  }
  if (signal?.aborted) throw abortedError();
  const isVector = (vector: unknown) =>
    vector instanceof Float32Array && vector.length === embedder.dimensions;
  const isUsable =
    Array.isArray(embeddings) &&
    embeddings.length === texts.length &&
    embeddings.every((embedding: Embedding | undefined) => isVector(embedding?.vector));
  if (!isUsable) {
    throw new VectorIndexError(
      'embed-failed',
      `The embedder "${embedder.id}" did not give one vector of ${embedder.dimensions} dimensions a text.`,
      'Its `dimensions` must be what the model gives, and its vectors Float32Arrays.',
    );
  }
  return embeddings;
}
