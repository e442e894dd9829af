'use client';

import { useEffect, useSyncExternalStore, type RefObject } from 'react';

/** Focuses the field on a shortcut such as `mod+k` (⌘ on a Mac, Ctrl elsewhere), `mod+shift+k` or `/`. */
export function useFocusShortcut(
  shortcut: string | undefined,
  inputRef: RefObject<HTMLInputElement | null>,
): void {
  useEffect(() => {
    if (shortcut === undefined) return undefined;
    const keys = shortcut.toLowerCase();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || pressedKeys(event) !== keys) return;
      // A plain key belongs to the text that is being written.
      if (!keys.startsWith('mod+') && isEditable(event.composedPath()[0])) return;
      event.preventDefault();
      inputRef.current?.focus();
      inputRef.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [shortcut, inputRef]);
}

/** The shortcut as it is written on this platform's keys; `control` is what Ctrl is called. */
export function useShortcutText(shortcut: string | undefined, control: string): string | null {
  const isMac = useSyncExternalStore(subscribeToNothing, isApple, () => false);
  if (shortcut === undefined) return null;
  return shortcut
    .toLowerCase()
    .replace(/\b\w$/, (letter) => letter.toUpperCase())
    .replace('mod+', isMac ? '⌘' : `${control} `)
    .replace('shift+', '⇧');
}

/** What is pressed, as a shortcut is written; nothing with Alt, which types characters. */
function pressedKeys(event: KeyboardEvent): string | null {
  const { code } = event;
  let key = event.key.toLowerCase();
  // Beyond Latin: a layout without Latin letters, whose keys are called by their place.
  if (key > '\u024f' && code.startsWith('Key')) key = code.slice(3).toLowerCase();
  const isMod = isApple() ? event.metaKey : event.ctrlKey;
  // Keyboards differ in which characters are typed with Shift; in letters they do not.
  const isShift = event.shiftKey && key !== key.toUpperCase();
  return event.altKey ? null : (isMod ? 'mod+' : '') + (isShift ? 'shift+' : '') + key;
}

function isApple(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}

function isEditable(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

const subscribeToNothing = () => () => undefined;
