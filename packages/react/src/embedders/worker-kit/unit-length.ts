/**
 * Scales to length 1, in place. A zero vector stays as it is.
 *
 * @example
 * ```ts
 * import { toUnitLength } from '@akin/react/embedders/worker';
 *
 * toUnitLength(Float32Array.of(3, 4)); // 0.6, 0.8
 * ```
 */
export function toUnitLength(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum > 0) {
    const scale = 1 / Math.sqrt(sum);
    for (let i = 0; i < vector.length; i++) vector[i]! *= scale;
  }
  return vector;
}
