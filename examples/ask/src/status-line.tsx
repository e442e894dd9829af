import { useVectorIndex, useVectorIndexStatus, type StorageStatus } from '@akin/react';
import type { ReactNode } from 'react';
import { formatBytes, formatCount } from './format.ts';

interface StatusLineProps {
  readonly worksOffline: boolean;
  /** What can be done about it all, under the figures. */
  readonly children: ReactNode;
}

/** One quiet line; the details are behind it. */
export function StatusLine({ worksOffline, children }: StatusLineProps) {
  const index = useVectorIndex();
  const { documentCount, memoryBytes, storage, state, error } = useVectorIndexStatus();

  if (error !== null) {
    return (
      <p role="alert" className="problem">
        {error.message}
      </p>
    );
  }
  const usage = storage.usageBytes === null ? null : formatBytes(storage.usageBytes);
  return (
    <details className="status">
      <summary>
        {state === 'ready' ? countPassages(documentCount) : 'Opening'}
        {usage === null ? '' : ` · ${usage}`}
        {` · ${describeKeeping(storage)}`}
        {` · ${worksOffline ? 'works offline now' : 'not offline yet'}`}
      </summary>
      <dl>
        <dt>Can be searched</dt>
        <dd>{countPassages(documentCount)}</dd>
        <dt>Storage used</dt>
        <dd>
          {usage ?? 'The browser does not say'}
          {usage === null ? '' : ', the model and this page included'}
        </dd>
        <dt>Memory of the index</dt>
        <dd>{formatBytes(memoryBytes)}</dd>
        <dt>Storage</dt>
        <dd>{describeKeeping(storage)}</dd>
        <dt>Without a network</dt>
        <dd>{worksOffline ? 'everything works, also after a reload' : 'not after a reload yet'}</dd>
      </dl>
      <div className="status-actions">
        {storage.persisted === false && storage.kind === 'indexeddb' ? (
          <button type="button" className="button" onClick={() => void index.persist()}>
            Ask the browser to keep it
          </button>
        ) : null}
        {children}
      </div>
    </details>
  );
}

function countPassages(count: number): string {
  return `${formatCount(count)} passage${count === 1 ? '' : 's'}`;
}

function describeKeeping({ kind, persisted }: StorageStatus): string {
  if (kind === 'memory') return 'gone when this tab closes';
  return persisted === true ? 'kept on this device' : 'may be cleared by the browser';
}
