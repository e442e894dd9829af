import { checkEncryption } from './encryption.ts';
import { VectorIndexError, invalidInput } from './errors.ts';
import type { VectorIndexOptions } from './types.ts';

/** Options with their defaults, or the reason why they cannot be. */
export function checkOptions(options: VectorIndexOptions) {
  const { name, embedder, metric = 'cosine', storage = 'indexeddb', hnsw = {} } = options;
  const { durability = 'strict' } = options;
  if (typeof name !== 'string' || name === '') {
    throw invalidInput('The index has no name.', 'Pass `name`: it names the database.');
  }
  if (!['cosine', 'dot', 'l2'].includes(metric)) {
    throw invalidInput(`There is no metric "${String(metric)}".`, 'Use "cosine", "dot" or "l2".');
  }
  if (!['strict', 'relaxed'].includes(durability)) {
    throw invalidInput(
      `There is no durability "${String(durability)}".`,
      'Use "strict" or "relaxed".',
    );
  }
  const dimensions = options.dimensions ?? embedder?.dimensions;
  if (dimensions === undefined) {
    throw invalidInput(
      'The index knows no dimensions.',
      'Pass an `embedder`, or `dimensions` if you bring your own vectors.',
    );
  }
  if (!Number.isSafeInteger(dimensions) || dimensions < 1) {
    throw invalidInput(`\`dimensions\` is ${dimensions}.`, 'Give a whole number, 1 or more.');
  }
  if (embedder && embedder.dimensions !== dimensions) {
    throw new VectorIndexError(
      'dimension-mismatch',
      `The embedder gives ${embedder.dimensions} dimensions, and the options say ${dimensions}.`,
      'Leave `dimensions` out: the embedder knows.',
    );
  }
  const encryption = checkEncryption(options.encryption);
  return { name, embedder, metric, storage, durability, dimensions, hnsw, encryption };
}
