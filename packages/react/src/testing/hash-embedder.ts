import { VectorIndexError, abortedError } from '../core/index.ts';
import type { Embedder, Embedding } from '../core/index.ts';

/** What vectors a test wants. */
export interface HashEmbedderOptions {
  /** Default 64, or that of `vectors`. */
  readonly dimensions?: number | undefined;
  /**
   * Vectors of texts that are to have these and no others. Each has `dimensions` numbers, which then
   * defaults to their length.
   */
  readonly vectors?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Longer texts are reported as truncated. Default: no limit. */
  readonly maxWords?: number | undefined;
}

/**
 * An embedder for tests: no model, no network, the same vector for the same text everywhere.
 * Texts are similar as far as they share words or the beginnings of words; it knows no meaning.
 *
 * @example
 * ```ts
 * import { createTestVectorIndex, hashEmbedder } from '@akin/react/testing';
 *
 * // These two texts are near, whatever they say; all others as far as they share words.
 * const vectors = { cat: [1, 0, 0.1], kitten: [1, 0, 0] };
 * const index = createTestVectorIndex({ embedder: hashEmbedder({ vectors }) });
 * ```
 */
export function hashEmbedder(options: HashEmbedderOptions = {}): Embedder {
  const { vectors = {}, maxWords = Infinity } = options;
  const { dimensions = Object.values(vectors)[0]?.length ?? 64 } = options;
  const fixed = new Map(Object.entries(vectors).map(([text, vector]) => [text, checked(vector)]));

  function checked(vector: readonly number[]): Float32Array<ArrayBuffer> {
    if (vector.length === dimensions) return Float32Array.from(vector);
    throw new VectorIndexError(
      'dimension-mismatch',
      `A text's vector has ${vector.length} dimensions, and the embedder ${dimensions}.`,
      'Give all vectors the same length.',
    );
  }
  const embedOne = (text: string): Embedding => {
    const vector = fixed.get(text);
    return vector
      ? { vector: vector.slice(), truncated: false }
      : embedText(text, dimensions, maxWords);
  };
  return {
    id: `hash-${dimensions}-${maxWords}`,
    dimensions,
    embed(texts, { signal }) {
      if (signal?.aborted === true) return Promise.reject(abortedError());
      return Promise.resolve(texts.map(embedOne));
    },
  };
}

function embedText(text: string, dimensions: number, maxWords: number): Embedding {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const vector = new Float32Array(dimensions);
  for (const word of words.slice(0, maxWords)) {
    addFeature(vector, word, 1);
    // "whale" and "whales" are near.
    addFeature(vector, `${word.slice(0, 4)}…`, 0.5);
  }
  const length = Math.hypot(...vector);
  // A text without words lies somewhere too: cosine has no place for a zero vector.
  if (length === 0) vector[0] = 1;
  else for (let at = 0; at < dimensions; at++) vector[at] = (vector[at] ?? 0) / length;
  return { vector, truncated: words.length > maxWords };
}

/** Each feature goes to two places with a sign of its own, so that collisions cancel out. */
function addFeature(vector: Float32Array, feature: string, weight: number): void {
  for (const seed of [0x811c9dc5, 0x9747b28c]) {
    const hash = fnv1a(feature, seed);
    const at = hash % vector.length;
    vector[at] = (vector[at] ?? 0) + (hash & 0x40000000 ? weight : -weight);
  }
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  // FNV's low bits of short texts are alike: mix once more.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
