import { useStorageStatus, useVectorIndexStatus } from '@akin/react';
import { useId, useState, type ReactElement } from 'react';
import { english, type Problem, type StorageLabels } from './labels.ts';
import './storage-status.css';

export interface StorageStatusProps {
  readonly labels?: StorageLabels;
  /** For figures. Default: the browser's. */
  readonly locale?: string;
  /** What the button of a problem does. */
  readonly onSolve: (problem: Problem) => void;
}

/** Where the documents are, whether they will stay, and what to do when something is wrong. */
export function StorageStatus({
  labels = english,
  locale,
  onSolve,
}: StorageStatusProps): ReactElement {
  const { ephemeral, persisted, usageBytes, quotaBytes, problem, persist } = useStorageStatus();
  const isDegraded = useVectorIndexStatus((status) => status.degraded);
  const count = useVectorIndexStatus((status) => status.documentCount);
  const [isDeclined, setDeclined] = useState(false);
  const title = useId();

  const pressing = problem ?? (isDegraded ? 'degraded' : null);
  const figures = new Intl.NumberFormat(locale);
  const ask = async () => setDeclined(!(await persist()));
  const sentence = ephemeral
    ? labels.inMemory
    : persisted
      ? labels.kept
      : isDeclined
        ? labels.declined
        : labels.notKept;

  return (
    <section className="storage-status" aria-labelledby={title}>
      <header>
        <h2 id={title}>{labels.region}</h2>
        {!ephemeral && usageBytes !== null && quotaBytes !== null && (
          <Usage {...{ labels, locale, usageBytes, quotaBytes }} />
        )}
      </header>

      {/* Always there, so that what comes into it is read out. */}
      <div role="status">
        {pressing && <ProblemNote problem={pressing} labels={labels} onSolve={onSolve} />}
      </div>

      <footer>
        <p>
          <strong>{labels.documents(count, figures.format(count))}</strong>
          {sentence}
        </p>
        {persisted === false && !ephemeral && !isDeclined && (
          <button type="button" onClick={() => void ask()}>
            {labels.keep}
          </button>
        )}
      </footer>
    </section>
  );
}

interface UsageProps {
  readonly labels: StorageLabels;
  readonly locale: string | undefined;
  readonly usageBytes: number;
  readonly quotaBytes: number;
}

function Usage({ labels, locale, usageBytes, quotaBytes }: UsageProps): ReactElement {
  const text = labels.used(bytes(usageBytes, locale), bytes(quotaBytes, locale));
  const share = Math.min(1, usageBytes / quotaBytes);
  return (
    <>
      <span className="storage-status-figures">{text}</span>
      <div
        className="storage-status-meter"
        role="meter"
        aria-label={labels.meter}
        aria-valuemin={0}
        aria-valuemax={quotaBytes}
        aria-valuenow={usageBytes}
        aria-valuetext={text}
        data-nearly-full={share > 0.9}
      >
        <div style={{ inlineSize: `${share * 100}%` }} />
      </div>
    </>
  );
}

interface ProblemNoteProps {
  readonly problem: Problem;
  readonly labels: StorageLabels;
  readonly onSolve: (problem: Problem) => void;
}

function ProblemNote({ problem, labels, onSolve }: ProblemNoteProps): ReactElement {
  const { title, text, action } = labels.problems[problem];
  return (
    <div className="storage-status-problem" data-problem={problem}>
      <h3>{title}</h3>
      <p>{text}</p>
      {action && (
        <button type="button" onClick={() => onSolve(problem)}>
          {action}
        </button>
      )}
    </div>
  );
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function bytes(value: number, locale: string | undefined): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: power < 2 ? 0 : 1,
  }).format(value / 1_000 ** power);
}
