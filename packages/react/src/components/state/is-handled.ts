/** Calls the app's handler first, and says whether `preventDefault()` in it keeps the part's own from running. */
export function isHandled<E extends { readonly defaultPrevented: boolean }>(
  theirs: ((event: E) => void) | undefined,
  event: E,
): boolean {
  theirs?.(event);
  return event.defaultPrevented;
}
