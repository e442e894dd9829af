'use client';

import { useEffect, useId, useRef, type ReactElement } from 'react';
import { CrossIcon } from '../components/icons.tsx';
import { useDevtools } from './context.ts';
import { Facts } from './facts.tsx';
import { LatencySection } from './latency-section.tsx';
import { LogSection } from './log-section.tsx';
import { ProbeSection } from './probe-section.tsx';
import { useNamespaceCounts } from './use-namespace-counts.ts';
import { useStatus } from './use-status.ts';

interface PanelProps {
  /** Opened by hand: the focus goes with it. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

/** Everything about the index, in a dialog beside which the app goes on. */
export function Panel({ takesFocus, onClose }: PanelProps): ReactElement {
  const { index, labels } = useDevtools();
  const state = useStatus(index, (status) => status.state);
  const namespaces = useNamespaceCounts(index);
  const panelRef = useRef<HTMLDivElement>(null);
  const titleId = useId();

  useEffect(() => {
    if (takesFocus) panelRef.current?.focus({ preventScroll: true });
  }, [takesFocus]);

  useEffect(() => {
    const panel = panelRef.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // It is no Escape of what lies around it.
      event.stopPropagation();
      onClose();
    };
    panel?.addEventListener('keydown', onKeyDown);
    return () => panel?.removeEventListener('keydown', onKeyDown);
  }, [onClose]);

  return (
    <div
      ref={panelRef}
      className="akin-devtools-panel"
      role="dialog"
      aria-labelledby={titleId}
      tabIndex={-1}
    >
      <div className="akin-devtools-header">
        <h2 id={titleId}>
          <strong>{labels.title}</strong> <span dir="auto">{index.name}</span>
        </h2>
        <span className="akin-devtools-state" data-state={state}>
          {labels.state(state)}
        </span>
        <button
          type="button"
          className="akin-devtools-close"
          aria-label={labels.close}
          onClick={onClose}
        >
          <CrossIcon />
        </button>
      </div>
      <div className="akin-devtools-body">
        <Facts namespaces={namespaces} />
        <LatencySection />
        <ProbeSection namespaces={namespaces} />
        <LogSection />
      </div>
    </div>
  );
}
