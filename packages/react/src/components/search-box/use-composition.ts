'use client';

import { useState } from 'react';

export interface CompositionProps {
  readonly onCompositionStart: () => void;
  readonly onCompositionEnd: () => void;
}

/** Whether an input method is composing, and the handlers that tell. */
export function useComposition(): readonly [boolean, CompositionProps] {
  const [isComposing, setIsComposing] = useState(false);
  return [
    isComposing,
    {
      onCompositionStart: () => setIsComposing(!composesEveryWord()),
      onCompositionEnd: () => setIsComposing(false),
    },
  ];
}

/** Keyboards on Android compose ordinary words too; holding queries would switch off search. */
function composesEveryWord(): boolean {
  return /android/i.test(navigator.userAgent);
}
