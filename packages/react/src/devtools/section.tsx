'use client';

import { useId, type ReactElement, type ReactNode } from 'react';
import { useDevtools } from './context.ts';

interface SectionProps {
  readonly title: string;
  /** `null`: there is nothing to clear. */
  readonly onClear?: (() => void) | null;
  readonly children: ReactNode;
}

export function Section({ title, onClear = null, children }: SectionProps): ReactElement {
  const { labels } = useDevtools();
  const titleId = useId();
  return (
    <section className="akin-devtools-section" aria-labelledby={titleId}>
      <div className="akin-devtools-heading">
        <h3 id={titleId}>{title}</h3>
        {onClear === null ? null : (
          <button
            type="button"
            className="akin-devtools-quiet"
            aria-label={labels.clearOf(title)}
            onClick={onClear}
          >
            {labels.clear}
          </button>
        )}
      </div>
      {children}
    </section>
  );
}
