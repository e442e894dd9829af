import type { VectorIndexError } from '@akin/react';
import type { AnswerError } from './answer-error.ts';
import type { Turn } from './turns.ts';

/** A question of this visit and what came of it. */
export interface Exchange {
  readonly question: Turn;
  /** Turns that the model saw as they are, so that they are not recalled for it. */
  readonly seen: readonly string[];
  /** The question is in the index, and so in the conversation. */
  readonly isRemembered: boolean;
  /**
   * - `running`: the question is being remembered, or answered
   * - `answered`: a model's answer is remembered
   * - `recalled`: no model is connected, what is recalled is all there is
   */
  readonly state: 'running' | 'answered' | 'recalled' | 'failed';
  /** As far as it has come. Remembered only when it is finished. */
  readonly answer: string;
  /** Why it failed. */
  readonly error: AnswerError | VectorIndexError | null;
}
