'use client';

import type { ReactElement } from 'react';
import { useDevtools } from './context.ts';
import type { LogEntry } from './recorder.ts';
import { Section } from './section.tsx';
import { useRecording } from './use-recorder.ts';

/** What happened, newest first: ids and counts, no texts. */
export function LogSection(): ReactElement {
  const { labels, recorder } = useDevtools();
  const { log } = useRecording(recorder);
  const isEmpty = log.length === 0;
  return (
    <Section title={labels.log} onClear={isEmpty ? null : recorder.clearLog}>
      {isEmpty ? (
        <p className="akin-devtools-hint">{labels.emptyLog}</p>
      ) : (
        <ol className="akin-devtools-log" reversed>
          {log.map((entry) => (
            <Row key={entry.number} entry={entry} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function Row({ entry }: { readonly entry: LogEntry }): ReactElement {
  const { labels } = useDevtools();
  const error = entry.call?.error ?? (entry.change?.kind === 'state' ? entry.change.error : null);
  // A newer query takes an older one's place with every letter: that is no failure.
  const isFailure = error !== null && error.code !== 'aborted';
  return (
    <li data-failed={isFailure ? '' : undefined}>
      <time dateTime={new Date(entry.at).toISOString()}>{labels.time(entry.at)}</time>
      <span>{labels.entry(entry)}</span>
      {entry.call ? (
        <span className="akin-devtools-muted">{labels.duration(entry.call.durationMs)}</span>
      ) : null}
    </li>
  );
}
