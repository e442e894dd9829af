import type { ReactNode } from 'react';
import type { Turn } from './turns.ts';

interface MessageProps {
  readonly turn: Turn;
  /** What belongs to it. */
  readonly children?: ReactNode;
}

const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

const names = { user: 'You', assistant: 'Assistant', system: 'System', tool: 'Tool' } as const;

/** A turn, as text: what is stored may hold anything, also markup. */
export function Message({ turn, children }: MessageProps) {
  return (
    <article className="message" data-role={turn.role}>
      <p className="byline">
        {names[turn.role]} <time>{time.format(turn.createdAt)}</time>
      </p>
      <p className="text">{turn.text}</p>
      {children}
    </article>
  );
}
