import type { Metric } from '../core/types.ts';

export type Similarity = (a: Float32Array, b: Float32Array) => number;

export const dot: Similarity = (a, b) => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
};

/** On the scales that `Metric` names. */
export const similarityOf: Record<Metric, Similarity> = {
  dot,
  cosine: (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  l2(a, b) {
    let sum = 0;
    for (let at = 0; at < a.length; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
    return 1 / (1 + Math.sqrt(sum));
  },
};
