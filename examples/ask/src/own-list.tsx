import { formatCount } from './format.ts';
import { useOwnDocuments, useRemoveDocument } from './own-documents.ts';

/** One's own documents, each with a button that removes it. */
export function OwnList() {
  const { data: documents = [], error } = useOwnDocuments();
  const { remove, isPending, error: removeError } = useRemoveDocument();
  const problem = error ?? removeError;

  return (
    <>
      {problem === null ? null : <p role="alert">{problem.message}</p>}
      {documents.length === 0 ? null : (
        <ul className="own-list" aria-label="Your documents">
          {documents.map((document) => (
            <li key={document.documentId}>
              <span className="own-title">{document.title}</span>
              <span className="figures">
                {formatCount(document.of)} passage{document.of === 1 ? '' : 's'}
              </span>
              <button
                type="button"
                className="button"
                aria-label={`Remove ${document.title}`}
                disabled={isPending}
                onClick={() => remove(document)}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
