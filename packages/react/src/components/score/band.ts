/** How close a hit is, in a word. */
export type ScoreBand = 'strong' | 'good' | 'weak';

/**
 * Cosine similarities from which a hit counts as `strong` or `good`; below is `weak`. For the
 * default model, where a passage that answers a question mostly lies between 0.35 and 0.7 and
 * two passages without a common subject below 0.2. Other models spread their scores otherwise:
 * give `getBand` to use your own.
 */
export const cosineBands = { strong: 0.5, good: 0.35 } as const;

export function bandOfCosine(score: number): ScoreBand {
  if (score >= cosineBands.strong) return 'strong';
  return score >= cosineBands.good ? 'good' : 'weak';
}
