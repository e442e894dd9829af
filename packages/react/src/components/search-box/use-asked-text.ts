'use client';

import { useEffect, useState } from 'react';

export interface AskedTextOptions {
  readonly debounceMs: number;
  /** While true nothing new is asked: an input method is composing. */
  readonly isHeld: boolean;
}

export interface AskedText {
  /** What the index is asked: follows the field once typing pauses, and is empty at once with it. */
  readonly asked: string;
  /** Asks what the field holds without waiting. */
  readonly askNow: () => void;
}

/** The field's text as the index is asked it. `text` is trimmed, and empty when too short to ask. */
export function useAskedText(text: string, { debounceMs, isHeld }: AskedTextOptions): AskedText {
  const [asked, setAsked] = useState(text);
  // Otherwise what was asked before the field was cleared would come back with the next letter.
  if (text === '' && asked !== '') setAsked('');

  const [isDue, setDue] = useState(false);
  // While rendering, so that it is the text that was set just before.
  if (isDue) {
    setDue(false);
    setAsked(text);
  }

  useEffect(() => {
    if (isHeld || text === '') return undefined;
    const timer = setTimeout(() => setAsked(text), debounceMs);
    return () => clearTimeout(timer);
  }, [text, debounceMs, isHeld]);

  return {
    asked: text === '' ? '' : asked,
    askNow: () => {
      if (!isHeld) setDue(true);
    },
  };
}
