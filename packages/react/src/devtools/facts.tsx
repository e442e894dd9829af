'use client';

import type { ReactElement } from 'react';
import { useDevtools } from './context.ts';
import { problemsOf } from './problems.ts';
import type { NamespaceInfo } from '../core/types.ts';
import { useStatus, whole } from './use-status.ts';

/** Namespaces that are named; of more only the number is told. */
const NAMED = 6;

interface FactsProps {
  /** `null` while unknown. */
  readonly namespaces: readonly NamespaceInfo[] | null;
}

/** What the index holds, where, and what is wrong with it. */
export function Facts({ namespaces }: FactsProps): ReactElement {
  const { index, labels } = useDevtools();
  const status = useStatus(index, whole);
  const problems = problemsOf(status);
  const figures = [
    [labels.documents, labels.count(status.documentCount)],
    [labels.namespaces, namespaces ? labels.count(namespaces.length) : labels.unknown],
    [labels.memory, labels.bytes(status.memoryBytes)],
    [labels.unindexed, labels.count(status.unindexedCount)],
    [labels.tombstones, labels.count(status.tombstoneCount)],
    [labels.revision, labels.count(status.revision)],
  ] as const;
  return (
    <div className="akin-devtools-section">
      {problems.length > 0 ? (
        <ul className="akin-devtools-problems">
          {problems.map((problem) => (
            <li key={problem}>{labels.problem(problem, status)}</li>
          ))}
        </ul>
      ) : null}
      <dl className="akin-devtools-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <dl className="akin-devtools-lines">
        {namespaces && namespaces.length > 1 ? (
          <div>
            <dt>{labels.byNamespace}</dt>
            <dd>
              <NamespaceList namespaces={namespaces} />
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{labels.storage}</dt>
          <dd>{labels.stored(status.storage)}</dd>
        </div>
        <div>
          <dt>{labels.embedder}</dt>
          <dd>{labels.embedded(index.embedder?.id ?? null, index.dimensions, index.metric)}</dd>
        </div>
      </dl>
    </div>
  );
}

/** The largest, with how many documents each holds. */
function NamespaceList({
  namespaces,
}: {
  readonly namespaces: readonly NamespaceInfo[];
}): ReactElement {
  const { labels } = useDevtools();
  const largest = [...namespaces].sort((a, b) => b.documentCount - a.documentCount);
  const named = largest
    .slice(0, NAMED)
    .map(({ namespace, documentCount }) => `${namespace} ${labels.count(documentCount)}`);
  return <>{[...named, ...(namespaces.length > NAMED ? ['…'] : [])].join(' · ')}</>;
}
