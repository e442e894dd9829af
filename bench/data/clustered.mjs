/**
 * Vectors as an embedding model might give them, without one: Gaussian clusters in a space of few
 * dimensions, projected at random into one of many, with noise in all of them, of unit length.
 * Easy for a graph: real vectors have less structure.
 */
import { gaussian, uniform } from './random.mjs';

export const recipe = { latent: 32, centres: 200, sigma: 0.55, noise: 0.02 };

/**
 * @param {number} total
 * @param {number} dimensions
 * @param {number} seed
 * @returns {{ vectors: Float32Array, labels: Uint16Array }} labels: the centre of each
 */
export function clustered(total, dimensions, seed) {
  const { latent, centres, sigma, noise } = recipe;
  const next = gaussian(seed);
  const centre = Float32Array.from({ length: centres * latent }, next);
  const projection = Float32Array.from({ length: latent * dimensions }, next);
  const choose = uniform(seed + 1);
  const point = new Float32Array(latent);
  const vectors = new Float32Array(total * dimensions);
  const labels = new Uint16Array(total);
  for (let row = 0; row < total; row++) {
    const label = Math.floor(choose() * centres);
    labels[row] = label;
    for (let i = 0; i < latent; i++) point[i] = centre[label * latent + i] + sigma * next();
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    for (let i = 0; i < latent; i++) {
      const weight = point[i] / Math.sqrt(latent);
      const line = i * dimensions;
      for (let d = 0; d < dimensions; d++) vector[d] += weight * projection[line + d];
    }
    for (let d = 0; d < dimensions; d++) vector[d] += noise * next();
    toUnitLength(vector);
  }
  return { vectors, labels };
}

/** @param {Float32Array} vector changed in place */
export function toUnitLength(vector) {
  let square = 0;
  for (let d = 0; d < vector.length; d++) square += vector[d] * vector[d];
  if (!(square > 0)) throw new Error('A vector of zeros has no direction.');
  const length = Math.sqrt(square);
  for (let d = 0; d < vector.length; d++) vector[d] /= length;
}
