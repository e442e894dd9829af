'use client';

import { useState } from 'react';

/** Handlers for an input, which tell when an input method composes. */
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
