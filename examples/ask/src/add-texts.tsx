import { useState, type FormEvent } from 'react';
import { formatCount } from './format.ts';
import { useAddTexts } from './own-documents.ts';
import { readFiles, useFileDrop } from './text-files.ts';

/** Paste a text, choose files, or drop them anywhere on the page. */
export function AddTexts() {
  const { add, insert } = useAddTexts();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const addFiles = async (files: readonly File[]) => {
    const { texts, refused } = await readFiles(files);
    setProblem(refused.length === 0 ? null : `Not a text file: ${refused.join(', ')}.`);
    if (texts.length > 0) add(texts);
  };
  const isOver = useFileDrop((files) => void addFiles(files));

  const addPasted = (event: FormEvent) => {
    event.preventDefault();
    add([{ title: titleOf(text), text }]);
    setText('');
  };

  return (
    <form className="add" onSubmit={addPasted} data-over={isOver || undefined}>
      <label htmlFor="own-text">Add texts of your own. They stay in this browser.</label>
      <textarea
        id="own-text"
        rows={3}
        value={text}
        placeholder="Paste a text, or drop .txt and .md files anywhere"
        onChange={(event) => setText(event.target.value)}
      />
      <div className="add-actions">
        <button type="submit" className="button" disabled={text.trim() === ''}>
          Add text
        </button>
        <label className="button">
          Choose files
          <input
            type="file"
            accept=".txt,.md,text/plain,text/markdown"
            multiple
            onChange={(event) => {
              void addFiles([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </label>
        <p role="status" className="add-status">
          {insert.isPending ? 'Adding…' : null}
          {insert.data === undefined
            ? null
            : `Added ${formatCount(insert.data.inserted)} passage${insert.data.inserted === 1 ? '' : 's'}.`}
        </p>
      </div>
      {problem === null ? null : <p role="alert">{problem}</p>}
      {insert.error === null ? null : <p role="alert">{insert.error.message}</p>}
    </form>
  );
}

/** The first line, or as much of it as makes a title. */
function titleOf(text: string): string {
  const line =
    text
      .trim()
      .split('\n', 1)[0]
      ?.replace(/^#+\s*/, '') ?? '';
  return line.length <= 60 ? line : `${line.slice(0, 60).replace(/\s+\S*$/, '')}…`;
}
