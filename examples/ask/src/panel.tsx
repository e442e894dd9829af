import type { ReactNode } from 'react';

interface PanelProps {
  /** What is going on, in a sentence. */
  readonly text: ReactNode;
  /** Figures that change. */
  readonly figures?: ReactNode;
  readonly progress?: { readonly value: number; readonly max: number } | undefined;
  /** Something went wrong: said at once by screen readers. */
  readonly isAlert?: boolean;
  /** The buttons. */
  readonly children?: ReactNode;
}

/** One thing under way at the foot of the page. */
export function Panel({ text, figures, progress, isAlert = false, children }: PanelProps) {
  return (
    <section className="panel" role={isAlert ? 'alert' : undefined}>
      <p className="panel-text">
        {text} {figures === undefined ? null : <span className="figures">{figures}</span>}
      </p>
      <div className="panel-actions">{children}</div>
      {progress === undefined ? null : (
        <progress
          aria-label={typeof text === 'string' ? text : undefined}
          value={progress.value}
          max={progress.max}
        />
      )}
    </section>
  );
}
