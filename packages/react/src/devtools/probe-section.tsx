'use client';

import { useId, useState, type ReactElement } from 'react';
import type { NamespaceInfo } from '../core/types.ts';
import { useDevtools } from './context.ts';
import type { ProbeReport } from './probe.ts';
import { Section } from './section.tsx';
import { useProbe } from './use-probe.ts';

const SIZES = [20, 50, 200] as const;

interface ProbeSectionProps {
  readonly namespaces: readonly NamespaceInfo[] | null;
}

/** How much of the exact answer searches find, on the documents that are there. Ends when it is closed. */
export function ProbeSection({ namespaces }: ProbeSectionProps): ReactElement {
  const { labels } = useDevtools();
  const { state, start, stop } = useProbe();
  const [count, setCount] = useState<number>(50);
  const [chosen, setChosen] = useState<string | null>(null);
  const names = largestFirst(namespaces ?? []);
  const namespace = chosen !== null && names.includes(chosen) ? chosen : names[0];
  const isRunning = state.kind === 'running';
  return (
    <Section title={labels.recall}>
      <p className="akin-devtools-hint">{labels.recallHint}</p>
      <div className="akin-devtools-controls">
        <Choice
          label={labels.sampleSize}
          value={String(count)}
          options={SIZES.map((size) => [String(size), labels.count(size)])}
          onChoose={(value) => setCount(Number(value))}
        />
        {names.length > 1 ? (
          <Choice
            label={labels.namespace}
            value={namespace ?? ''}
            options={names.map((name) => [name, name])}
            onChoose={setChosen}
          />
        ) : null}
        <button
          type="button"
          className="akin-devtools-button"
          // Not `disabled`: the focus would be lost.
          aria-disabled={namespace === undefined || undefined}
          onClick={() => {
            if (isRunning) stop();
            else if (namespace !== undefined) start(namespace, count);
          }}
        >
          {isRunning ? labels.stop : labels.run}
        </button>
      </div>
      {isRunning ? (
        <div className="akin-devtools-progress">
          <progress aria-label={labels.recall} max={Math.max(1, state.total)} value={state.done} />
          <span className="akin-devtools-muted">{labels.probing(state.done, state.total)}</span>
        </div>
      ) : null}
      {/* Always there, so that what comes into it is read out. */}
      <div role="status">
        {state.kind === 'done' ? <Report report={state.report} /> : null}
        {state.kind === 'failed' ? (
          <p className="akin-devtools-hint">{labels.probeFailed(state.code)}</p>
        ) : null}
      </div>
    </Section>
  );
}

function Report({ report }: { readonly report: ProbeReport }): ReactElement {
  const { labels } = useDevtools();
  const { recall, speedUp, walks } = report;
  if (recall === null) return <p className="akin-devtools-hint">{labels.nothingToProbe}</p>;
  return (
    <>
      <dl className="akin-devtools-figures">
        <div>
          <dt>{labels.recallAtTen}</dt>
          <dd>{labels.share(recall)}</dd>
        </div>
        <div>
          <dt>{labels.speedUp}</dt>
          <dd>{speedUp === null || walks === 0 ? labels.unknown : labels.times(speedUp)}</dd>
        </div>
        <div>
          <dt>{labels.distances}</dt>
          <dd>{labels.ofDistances(report)}</dd>
        </div>
      </dl>
      <p className="akin-devtools-hint">{labels.probed(report)}</p>
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps): ReactElement {
  const id = useId();
  return (
    <span className="akin-devtools-choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

function largestFirst(namespaces: readonly NamespaceInfo[]): string[] {
  return [...namespaces]
    .sort((a, b) => b.documentCount - a.documentCount)
    .map(({ namespace }) => namespace);
}
