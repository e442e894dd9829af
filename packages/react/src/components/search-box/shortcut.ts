'use client';

import { useEffect, useSyncExternalStore, type RefObject } from 'react';

/** Focuses the field on a shortcut such as `mod+k` (⌘ on a Mac, Ctrl elsewhere) or `/`. */
export function useFocusShortcut(
  shortcut: string | undefined,
  inputRef: RefObject<HTMLInputElement | null>,
): void {
  useEffect(() => {
    if (shortcut === undefined) return undefined;
    const { key, withMod } = parseShortcut(shortcut);
    const onKeyDown = (event: KeyboardEvent) => {
      const isMod = isApple() ? event.metaKey : event.ctrlKey;
      if (event.key.toLowerCase() !== key || isMod !== withMod || event.altKey) return;
      // A plain key belongs to the text that is being written.
      if (!withMod && isEditable(event.target)) return;
      event.preventDefault();
      inputRef.current?.focus();
      inputRef.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [shortcut, inputRef]);
}

/** The shortcut as it is written on this platform's keys. */
export function useShortcutText(shortcut: string | undefined): string | null {
  const isMac = useSyncExternalStore(subscribeToNothing, isApple, () => false);
  if (shortcut === undefined) return null;
  const { key, withMod } = parseShortcut(shortcut);
  const name = key.length === 1 ? key.toUpperCase() : key;
  if (!withMod) return name;
  return isMac ? `⌘${name}` : `Ctrl ${name}`;
}

function parseShortcut(shortcut: string): { readonly key: string; readonly withMod: boolean } {
  const withMod = shortcut.toLowerCase().startsWith('mod+');
  return { key: shortcut.slice(withMod ? 4 : 0).toLowerCase(), withMod };
}

function isApple(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:input|textarea|select)$/i.test(target.tagName))
  );
}

const subscribeToNothing = () => () => undefined;
