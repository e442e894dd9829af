'use client';

import type { ComponentPropsWithoutRef, CSSProperties, ReactElement } from 'react';
import { useVectorIndexStatus } from '../../react/use-vector-index-status.ts';
import { useDelayed } from '../state/use-delayed.ts';
import { useTimeLeft } from '../state/use-time-left.ts';
import { useSearchBox, type SearchBoxContextValue } from './context.ts';

/** A model that comes from the browser's cache is not worth a line. */
const modelAfterMs = 400;
const openingAfterMs = 400;

/** What `<SearchBoxParts.Progress>` takes. */
export interface SearchBoxProgressProps extends ComponentPropsWithoutRef<'div'> {
  /** For the bar before the text. */
  readonly barClassName?: string | undefined;
}

interface ProgressLine {
  readonly kind: 'model' | 'indexing' | 'opening';
  readonly text: string;
  /** 0 to 1, or `null` while unknown. */
  readonly fraction: number | null;
}

/** One line on what is not complete yet: the model on its way, passages still being indexed. */
export function SearchBoxProgress({
  barClassName,
  ...props
}: SearchBoxProgressProps): ReactElement | null {
  const line = useProgressLine(useSearchBox('Progress'));
  if (line === null) return null;
  const percent = line.fraction === null ? undefined : Math.floor(line.fraction * 100);
  return (
    <div data-kind={line.kind} {...props}>
      <span
        role="progressbar"
        aria-label={line.text}
        aria-valuenow={percent}
        className={barClassName}
        style={{ '--akin-progress': line.fraction ?? undefined } as CSSProperties}
        data-indeterminate={line.fraction === null ? '' : undefined}
      />
      <span>{line.text}</span>
    </div>
  );
}

function useProgressLine({
  box: { index },
  labels,
  isNamespaced,
}: SearchBoxContextValue): ProgressLine | null {
  const embedder = useVectorIndexStatus((status) => status.embedder, index);
  const insert = useVectorIndexStatus((status) => status.insert, index);
  const documentCount = useVectorIndexStatus((status) => status.documentCount, index);
  const isOpening = useVectorIndexStatus((status) => status.state === 'opening', index);
  const secondsLeft = useTimeLeft(index);
  const showModel = useDelayed(embedder?.state === 'loading', modelAfterMs);
  const showOpening = useDelayed(isOpening, openingAfterMs);

  if (showModel && embedder?.state === 'loading') {
    const { loadedBytes, totalBytes } = embedder;
    return {
      kind: 'model',
      text: labels.loadingModel(totalBytes),
      fraction: totalBytes === null ? null : Math.min(1, loadedBytes / totalBytes),
    };
  }
  if (insert !== null && insert.done < insert.total) {
    const searchable = isNamespaced ? null : documentCount;
    const total = searchable === null ? null : searchable + insert.total - insert.done;
    return {
      kind: 'indexing',
      text: labels.indexing({ searchable, total, secondsLeft }),
      fraction: insert.done / insert.total,
    };
  }
  return showOpening ? { kind: 'opening', text: labels.opening, fraction: null } : null;
}
