import type { ScoreBand } from '../score/band.ts';
import type { ChatRole } from '../../memory/types.ts';

/** Every word that `<ChatMemory>` says. */
export interface ChatMemoryLabels {
  /** The one line while collapsed. */
  readonly remembered: (count: number) => string;
  readonly nothing: string;
  readonly looking: string;
  readonly said: (role: ChatRole) => string;
  readonly when: (createdAt: number) => string;
  readonly band: (band: ScoreBand) => string;
  readonly score: (score: number) => string;
  readonly forget: string;
  readonly forgotten: string;
  readonly undo: string;
  readonly notForgotten: string;
  readonly notRestored: string;
  readonly failed: string;
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
