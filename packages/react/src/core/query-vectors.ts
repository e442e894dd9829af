import { embedTexts } from './embed.ts';
import type { Embedder } from './types.ts';

/** Enough for a page of live queries and some typing back and forth. */
const KEPT = 64;

/**
 * Vectors of the texts asked last. A live query runs again whenever the index changes, and its
 * text need not wait behind documents for a vector that is known.
 */
export interface QueryVectors {
  get(text: string, signal: AbortSignal | undefined): Promise<Float32Array | undefined>;
}

export function createQueryVectors(embedder: Embedder | undefined): QueryVectors {
  const known = new Map<string, Float32Array>();
  return {
    async get(text, signal) {
      const found = known.get(text);
      const [embedding] = found
        ? [{ vector: found }]
        : await embedTexts(embedder, [text], { purpose: 'query', signal });
      if (embedding === undefined) return undefined;
      // A map keeps the order of insertion: what was asked last goes last.
      known.delete(text);
      known.set(text, embedding.vector);
      const [oldest] = known.keys();
      if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
      return embedding.vector;
    },
  };
}
