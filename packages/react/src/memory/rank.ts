import type { SearchHit } from '../core/index.ts';
import type { TurnMetadata } from './types.ts';

/**
 * Two turns about the same are about equally similar to a question, but they do not tell equally
 * much. A question resembles questions, and answers none. And what a person said of themselves is
 * the fact; a reply to it repeats it at best. So both stand behind what is about as close.
 */
const questionBehind = 0.1;
const replyBehind = 0.05;

/** Of how many hits, for one that is recalled, the order is looked at. */
export const hitsPerItem = 4;

/** Puts turns that tell something first. */
export function rankHits(
  hits: readonly SearchHit<TurnMetadata>[],
): readonly SearchHit<TurnMetadata>[] {
  return [...hits].sort((a, b) => tellingScore(b) - tellingScore(a));
}

function tellingScore({ score, text, metadata }: SearchHit<TurnMetadata>): number {
  const isQuestion = /[?？؟]\s*$/.test(text ?? '');
  return score - (isQuestion ? questionBehind : 0) - (metadata.role === 'user' ? 0 : replyBehind);
}
