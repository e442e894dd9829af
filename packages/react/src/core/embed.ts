import {
  VectorIndexError,
  abortedError,
  closedError,
  invalidInput,
  isVectorIndexError,
} from './errors.ts';
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
  let embeddings: readonly Embedding[];
  try {
    embeddings = await unlessAborted(options.signal, abortedError, () =>
      embedder.embed(texts, options),
    );
  } catch (error) {
    if (isVectorIndexError(error)) throw error;
    throw new VectorIndexError(
      'embed-failed',
      `The embedder "${embedder.id}" failed.`,
      'See the cause; try again once it is gone.',
      error,
    );
  }
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

/** The embedder of an index: nobody waits for it once that is closed. */
export function embedderUntil(closed: AbortSignal, embedder: Embedder): Embedder {
  return {
    id: embedder.id,
    dimensions: embedder.dimensions,
    embed: (texts, options) =>
      unlessAborted(closed, closedError, () =>
        embedder.embed(texts, { ...options, signal: options.signal ?? closed }),
      ),
  };
}

/** An embedder may be deaf to signals, or not hear of them before a model has come. */
function unlessAborted<T>(
  signal: AbortSignal | undefined,
  toError: () => VectorIndexError,
  run: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(toError());
    if (signal?.aborted) return abort();
    // Before the embedder's own, whose error would come first.
    signal?.addEventListener('abort', abort);
    Promise.resolve(run())
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', abort));
  });
}
