import { useVectorIndexStatus } from '@akin/react';
import { formatCount, formatDuration } from './format.ts';
import { Panel } from './panel.tsx';
import type { Passage } from './passage.ts';
import type { ProgressEstimate } from './progress-estimate.ts';
import { useCorpusIndexing } from './use-corpus-indexing.ts';

interface IndexingPanelProps {
  readonly passages: readonly Passage[];
  readonly isPaused: boolean;
  readonly onPausedChange: (isPaused: boolean) => void;
}

/** Indexes the corpus, and says how far that is. Nothing to see once it is done. */
export function IndexingPanel({ passages, isPaused, onPausedChange }: IndexingPanelProps) {
  const { progress, isDone, error, retry } = useCorpusIndexing(passages, !isPaused);
  const searchable = useVectorIndexStatus((status) => status.documentCount);
  const isOpen = useVectorIndexStatus((status) => status.state === 'ready');

  if (isPaused) {
    return !isOpen ? null : (
      <Panel text={`Indexing is paused. ${formatCount(searchable)} passages can be searched.`}>
        <button type="button" className="button" onClick={() => onPausedChange(false)}>
          {searchable === 0 ? 'Index the addresses' : 'Resume'}
        </button>
      </Panel>
    );
  }
  if (error !== null) {
    return (
      <Panel text={error.message} isAlert>
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      </Panel>
    );
  }
  if (isDone || progress === null) return null;
  return (
    <Panel
      text={`Indexing passage ${formatCount(progress.done)} of ${formatCount(progress.total)}`}
      figures={describePace(progress)}
      progress={{ value: progress.done, max: progress.total }}
    >
      <button type="button" className="button" onClick={() => onPausedChange(true)}>
        Pause
      </button>
    </Panel>
  );
}

function describePace({ perSecond, secondsLeft }: ProgressEstimate): string | undefined {
  if (perSecond === null || secondsLeft === null) return undefined;
  return `${Math.round(perSecond)} a second · ${formatDuration(secondsLeft)} left`;
}
