import type { Exchange } from './exchange.ts';

interface FailureProps {
  readonly exchange: Exchange;
  readonly onRetry: () => void;
}

/** Stands where the answer would. */
export function Failure({ exchange: { answer, error }, onRetry }: FailureProps) {
  if (error === null) return null;
  return (
    <div className="failure">
      {answer !== '' && <p className="text">{answer}</p>}
      <p className="error" data-code={error.code}>
        {error.what} {answer !== '' && 'What had arrived is not remembered.'} {error.hint}
      </p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
