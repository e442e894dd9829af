import { useEffect, useRef, useState } from 'react';
import type { PassageMetadata } from './passage.ts';
import { usePassages } from './use-passages.ts';

/** How many passages are shown before and after the one that was found, and added each time. */
const step = 2;

interface ReaderProps {
  readonly passage: PassageMetadata;
  readonly onClose: () => void;
}

/** The passage that was found, among its neighbours in the document. */
export function Reader({ passage, onClose }: ReaderProps) {
  const { documentId, title, position, of } = passage;
  const [from, setFrom] = useState(Math.max(1, position - step));
  const [to, setTo] = useState(Math.min(of, position + step));
  const { data: passages = [], error } = usePassages(documentId, from, to);
  const dialog = useRef<HTMLDialogElement>(null);

  // Modal: the browser keeps the focus inside, closes on Escape and gives the focus back.
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog ref={dialog} className="reader" aria-labelledby="reader-title" onClose={onClose}>
      <header>
        <h2 id="reader-title">{title}</h2>
        <p className="figures">
          Passage {position} of {of}
        </p>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <div className="reader-text">
        {from > 1 ? (
          <button
            type="button"
            className="button"
            onClick={() => setFrom(Math.max(1, from - step))}
          >
            Show what comes before
          </button>
        ) : null}
        {error === null ? null : <p role="alert">{error.message}</p>}
        {passages.map(({ id, text, metadata }) =>
          metadata.position === position ? (
            <p key={id} className="found" ref={showInMiddle}>
              <mark>{text}</mark>
            </p>
          ) : (
            <p key={id}>{text}</p>
          ),
        )}
        {to < of ? (
          <button type="button" className="button" onClick={() => setTo(Math.min(of, to + step))}>
            Show what comes after
          </button>
        ) : null}
      </div>
    </dialog>
  );
}

function showInMiddle(passage: HTMLElement | null): void {
  passage?.scrollIntoView({ block: 'center' });
}
