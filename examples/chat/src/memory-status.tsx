import { useVectorIndexStatus } from '@akin/react';

const number = new Intl.NumberFormat('en');

/** One quiet line: what is going on, else how much is remembered and where. */
export function MemoryStatus() {
  const { state, error, embedder, insert, documentCount, storage } = useVectorIndexStatus();

  if (error !== null) {
    return (
      <p className="status error" role="alert">
        {error.what} {error.hint}
      </p>
    );
  }
  if (embedder?.state === 'loading') {
    const { loadedBytes, totalBytes } = embedder;
    return (
      <p className="status">
        <label>
          Getting the language model{totalBytes === null ? '' : `, ${megabytes(totalBytes)} MB`},
          once{' '}
          <progress value={totalBytes === null ? undefined : loadedBytes} max={totalBytes ?? 1} />
        </label>
      </p>
    );
  }
  if (insert !== null && insert.total > 2) {
    return (
      <p className="status">
        <label>
          Remembering {number.format(insert.done)} of {number.format(insert.total)}{' '}
          <progress value={insert.done} max={insert.total} />
        </label>
      </p>
    );
  }
  if (state !== 'ready') return <p className="status">Opening the memory…</p>;
  return (
    <p className="status">
      {number.format(documentCount)} {documentCount === 1 ? 'turn' : 'turns'} remembered ·{' '}
      {storage.persisted === true ? 'kept on this device' : 'the browser may clear it'}
    </p>
  );
}

function megabytes(bytes: number): string {
  return number.format(Math.round(bytes / 1e6));
}
