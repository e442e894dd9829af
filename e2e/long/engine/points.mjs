/** Seeded points around 200 centres in a space of 24 dimensions, seen from one of more. */
const latent = 24;
const centreCount = 200;

export class Points {
  #state;
  #dimensions;
  #centres;
  #projection;

  /** @param {number} seed @param {number} dimensions */
  constructor(seed, dimensions) {
    this.#state = seed;
    this.#dimensions = dimensions;
    this.#centres = this.#normals(centreCount * latent);
    this.#projection = this.#normals(latent * dimensions);
  }

  /**
   * @param {number} count
   * @returns {Float32Array} the next vectors, one after the other
   */
  take(count) {
    const dimensions = this.#dimensions;
    const vectors = new Float32Array(count * dimensions);
    for (let vector = 0; vector < count; vector++) {
      const centre = Math.floor(this.#uniform() * centreCount) * latent;
      const target = vectors.subarray(vector * dimensions, (vector + 1) * dimensions);
      for (let axis = 0; axis < latent; axis++) {
        const weight = (this.#centres[centre + axis] ?? 0) + 0.55 * this.#normal();
        const from = axis * dimensions;
        for (let at = 0; at < dimensions; at++) {
          target[at] = (target[at] ?? 0) + weight * (this.#projection[from + at] ?? 0);
        }
      }
    }
    return vectors;
  }

  /** @param {number} count */
  #normals(count) {
    return Float32Array.from({ length: count }, () => this.#normal());
  }

  /** About normally distributed. */
  #normal() {
    return 2 * (this.#uniform() + this.#uniform() + this.#uniform() - 1.5);
  }

  /** Mulberry32: from 0 to 1. */
  #uniform() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
