import { useRemove, useVectorIndex, type VectorIndex } from '@akin/react';
import { useState } from 'react';

interface ClearButtonProps {
  /** Called first: stops what would fill the index again. */
  readonly onClear: () => void;
}

/** Removes every document, after asking once. */
export function ClearButton({ onClear }: ClearButtonProps) {
  const index = useVectorIndex();
  const { mutate, isPending, error } = useRemove();
  const [isAsking, setIsAsking] = useState(false);

  const clear = async () => {
    setIsAsking(false);
    onClear();
    await insertsSettled(index);
    mutate({ namespace: 'default' });
  };

  if (isAsking) {
    return (
      <>
        <span>Remove the addresses and your own documents?</span>
        <button type="button" className="button danger" onClick={() => void clear()}>
          Remove everything
        </button>
        <button type="button" className="button" onClick={() => setIsAsking(false)}>
          Keep it
        </button>
      </>
    );
  }
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={isPending}
        onClick={() => setIsAsking(true)}
      >
        Clear everything
      </button>
      {error === null ? null : <span role="alert">{error.message}</span>}
    </>
  );
}

/** An insert that was stopped still stores the batch it was at. */
function insertsSettled({ status }: VectorIndex): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (status.get().insert !== null) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = status.subscribe(check);
    check();
  });
}
