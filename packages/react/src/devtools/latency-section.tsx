'use client';

import { useId, type ReactElement } from 'react';
import { useDevtools } from './context.ts';
import { BUCKET_ENDS_MS, latencyOf } from './latency.ts';
import { Section } from './section.tsx';
import { useRecording } from './use-recorder.ts';

/** How long queries took to embed and to search. */
export function LatencySection(): ReactElement {
  const { labels, recorder } = useDevtools();
  const { embedMs, searchMs } = useRecording(recorder);
  const isEmpty = searchMs.length === 0;
  return (
    <Section title={labels.latency} onClear={isEmpty ? null : recorder.clearTimes}>
      {isEmpty ? (
        <p className="akin-devtools-hint">{labels.noSearches}</p>
      ) : (
        <>
          {embedMs.length > 0 ? <Histogram name={labels.embedding} samplesMs={embedMs} /> : null}
          <Histogram name={labels.searching} samplesMs={searchMs} />
          <div className="akin-devtools-axis" aria-hidden="true">
            {[...BUCKET_ENDS_MS, null].map((endMs) => (
              <span key={endMs}>{labels.bucket(endMs)}</span>
            ))}
          </div>
        </>
      )}
    </Section>
  );
}

interface HistogramProps {
  readonly name: string;
  readonly samplesMs: readonly number[];
}

/** Drawn with attributes alone, which no Content Security Policy minds. */
function Histogram({ name, samplesMs }: HistogramProps): ReactElement {
  const { labels } = useDevtools();
  const nameId = useId();
  const latency = latencyOf(samplesMs);
  const most = Math.max(...latency.buckets);
  return (
    <div className="akin-devtools-histogram">
      <p>
        <span id={nameId}>{name}</span>
        <span className="akin-devtools-muted">{labels.latencyFigures(latency)}</span>
      </p>
      <svg
        role="img"
        aria-label={`${name}: ${labels.latencyBuckets(latency)}`}
        viewBox="0 0 100 30"
        preserveAspectRatio="none"
      >
        {latency.buckets.map((count, at) => {
          // What happened once is seen beside what happened a thousand times.
          const height = count === 0 ? 0.5 : Math.max(2, (count / most) * 30);
          return (
            <rect
              key={BUCKET_ENDS_MS[at] ?? 'more'}
              data-empty={count === 0 ? '' : undefined}
              x={at * 10 + 0.5}
              y={30 - height}
              width={9}
              height={height}
            />
          );
        })}
      </svg>
    </div>
  );
}
