import { VectorIndexError, invalidInput } from '../core/errors.ts';
import type { PutPayload } from '../core/protocol.ts';
import type { Metric } from '../core/types.ts';

/** The engine's bound for metrics that multiply components without normalising them. */
const COMPONENT_MAX = 1e15;

/**
 * Refuses what the engine would refuse, before it is stored: a row that cannot be searched would
 * come back at every load.
 */
export function checkVectors(
  { documents, vectors }: PutPayload,
  dimensions: number,
  metric: Metric,
): void {
  for (const { id, vector } of documents) {
    if (vector === null) continue;
    const values = vectors.subarray(vector * dimensions, (vector + 1) * dimensions);
    if (values.length !== dimensions) {
      throw new VectorIndexError(
        'dimension-mismatch',
        `The vector of document "${id}" is cut short.`,
        'Give vectors of the index’s dimensions.',
      );
    }
    checkVector(values, metric, `The vector of document "${id}"`);
  }
}

export function checkVector(values: Float32Array, metric: Metric, what: string): void {
  let largest = 0;
  for (const value of values) {
    // NaN compares false with everything, so ask for what is right.
    if (!(Math.abs(value) < Infinity)) {
      throw invalidInput(`${what} holds NaN or infinity.`, 'Give finite numbers.');
    }
    largest = Math.max(largest, Math.abs(value));
  }
  if (metric === 'cosine' && largest === 0) {
    throw invalidInput(`${what} is all zeros.`, 'Cosine needs a direction: give another vector.');
  }
  if (metric !== 'cosine' && largest > COMPONENT_MAX) {
    throw invalidInput(`${what} holds a number above 1e15.`, 'Scale the vectors down.');
  }
}
