import type { ScoreBand } from '../score/band.ts';
import type { ChatRole } from '../../memory/types.ts';

/** Every word that `<ChatMemory>` says. Give a part of it, in your language or your app's terms. */
export interface ChatMemoryLabels {
  /** The one line while collapsed. */
  readonly remembered: (count: number) => string;
  /** In place of that line when nothing was recalled, or all of it is forgotten. */
  readonly nothing: string;
  /** The same while memory is being read. */
  readonly looking: string;
  /** Who said a turn. */
  readonly said: (role: ChatRole) => string;
  /** When it was said, in milliseconds since the epoch. */
  readonly when: (createdAt: number) => string;
  /** How close it is to the question, in words: before the score. */
  readonly band: (band: ScoreBand) => string;
  /** The same as a figure. */
  readonly score: (score: number) => string;
  /** Button of a turn. Screen readers add the turn's text. */
  readonly forget: string;
  /** In place of a forgotten turn for ten seconds; announced. */
  readonly forgotten: string;
  /** Button that brings it back. Screen readers add the turn's text. */
  readonly undo: string;
  /** Under a turn that is still remembered, because forgetting failed; announced. */
  readonly notForgotten: string;
  /** Under a forgotten turn, because bringing it back failed; announced. */
  readonly notRestored: string;
  /** In place of the list while memory could not be read; announced. */
  readonly failed: string;
  /** Button that reads memory again. */
  readonly retry: string;
}

const figure = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export const englishMemoryLabels: ChatMemoryLabels = {
  remembered: (count) => `Remembered ${count} ${count === 1 ? 'thing' : 'things'}`,
  nothing: 'Nothing remembered about this',
  looking: 'Looking through memory',
  said: (role) => ({ user: 'You', assistant: 'Assistant', system: 'System', tool: 'Tool' })[role],
  when: (createdAt) => date.format(createdAt),
  band: (band) => ({ strong: 'Strong match', good: 'Good match', weak: 'Weak match' })[band],
  score: (score) => figure.format(score),
  forget: 'Forget',
  forgotten: 'Forgotten.',
  undo: 'Undo',
  notForgotten: 'This could not be forgotten.',
  notRestored: 'This could not be brought back.',
  failed: 'Memory could not be read.',
  retry: 'Try again',
};
