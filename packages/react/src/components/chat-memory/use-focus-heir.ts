'use client';

import { useLayoutEffect, type RefObject } from 'react';
import { useChatMemoryContext } from './context.ts';

/**
 * An element that leaves with the focus in it gives it to the line above the list, or, if that has left too,
 * to the whole.
 */
export function useFocusHeir(ref: RefObject<HTMLElement | null>): void {
  const { rootRef } = useChatMemoryContext();
  useLayoutEffect(() => {
    const element = ref.current;
    const focusHeir = () => {
      // Not before: where both mount at once, the root's ref is set after this effect.
      const root = rootRef.current;
      const toggle = root?.querySelector<HTMLElement>('[data-akin-toggle]');
      (toggle ?? root)?.focus();
    };
    return () => {
      if (element === null || document.activeElement !== element) return;
      // Once everything has left that leaves at the same time.
      queueMicrotask(focusHeir);
    };
  }, [ref, rootRef]);
}
