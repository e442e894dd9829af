import { formatCount } from './format.ts';
import type { useCorpus } from './use-corpus.ts';

/** What is searched, where it comes from and under which licence. */
export function CorpusNote({ corpus }: { readonly corpus: ReturnType<typeof useCorpus> }) {
  if (corpus.error !== null) {
    return (
      <p role="alert" className="problem">
        {corpus.error.message}{' '}
        <button type="button" className="button" onClick={() => void corpus.refetch()}>
          Try again
        </button>
      </p>
    );
  }
  // Holds its place while the addresses are fetched.
  if (corpus.data === undefined) return <p className="note">&nbsp;</p>;
  const { title, source, licence, licenceUrl, passages } = corpus.data;
  return (
    <p className="note">
      {title}: {formatCount(passages.length)} passages. Source: {source}.{' '}
      <a href={licenceUrl}>Licence</a>: {licence}.
    </p>
  );
}
