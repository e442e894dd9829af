import { useImport } from './use-import.ts';

interface WelcomeProps {
  readonly onAsk: (question: string) => void;
}

/** What stands where a conversation has not begun. */
export function Welcome({ onAsk }: WelcomeProps) {
  const { mutate: importFile, data, error, isPending } = useImport();

  async function importSample() {
    const response = await fetch('/sample.json');
    importFile(await response.blob());
  }

  return (
    <section className="welcome" aria-label="Start">
      <p>
        Tell it something worth remembering, such as a plan or what you can’t eat. Ask about it
        later, here or in another conversation, in whatever words come to mind.
      </p>
      <div className="actions">
        <button type="button" disabled={isPending} onClick={() => void importSample()}>
          Try a sample conversation
        </button>
        <label className="file-button">
          Import a conversation (.json)
          <input
            type="file"
            accept="application/json,.json"
            disabled={isPending}
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file !== undefined) importFile(file);
              // The same file may be chosen again.
              target.value = '';
            }}
          />
        </label>
      </div>
      <div role="status">
        {data !== undefined && (
          <p>
            {data.turns.length} turns are remembered.{' '}
            {data.questions.length > 0 ? 'Ask about them:' : 'Ask about them in your own words.'}
          </p>
        )}
      </div>
      {error !== null && (
        <p className="error" role="alert">
          {error.message}
        </p>
      )}
      {data !== undefined && (
        <div className="actions">
          {data.questions.map((question) => (
            <button type="button" key={question} onClick={() => onAsk(question)}>
              {question}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
