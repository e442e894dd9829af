/** How close a hit is, in a word. */
export type ScoreBand = 'strong' | 'good' | 'weak';

/**
 * Cosine similarities from which a hit counts as `strong` or `good`; below is `weak`.
 *
 * They are the default model's: for 30 questions in other words over 2,132 passages of speeches,
 * the passage that answers best scored 0.26 to 0.72, half of them above 0.43, while nine of ten
 * passages scored below 0.25 for every question. Other models spread their scores otherwise:
 * give `getBand` to use bands of your own.
 */
export const cosineBands = { strong: 0.45, good: 0.3 } as const;

/**
 * The band of a cosine similarity, by {@link cosineBands}.
 *
 * @example
 * ```tsx
 * import { bandOfCosine, SemanticSearchBox } from '@akin/react/components';
 *
 * export function Search() {
 *   // Weak hits get no bars.
 *   return (
 *     <SemanticSearchBox
 *       getBand={({ score }) => (bandOfCosine(score) === 'weak' ? null : bandOfCosine(score))}
 *     />
 *   );
 * }
 * ```
 */
export function bandOfCosine(score: number): ScoreBand {
  if (score >= cosineBands.strong) return 'strong';
  return score >= cosineBands.good ? 'good' : 'weak';
}
