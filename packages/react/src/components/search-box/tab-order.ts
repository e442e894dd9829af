import type { KeyboardEvent } from 'react';

const stops =
  ':is(a[href], button, input, select, textarea, [tabindex="0"]):not(:disabled, [tabindex="-1"])';

/** Tab goes through a popup, which is elsewhere in the page, as if it stood right after its input. */
export function followTabOrder(
  event: KeyboardEvent,
  input: HTMLElement | null,
  popup: HTMLElement | null,
): void {
  if (event.key !== 'Tab' || event.defaultPrevented || input === null) return;
  const order = [input, ...(popup?.querySelectorAll<HTMLElement>(stops) ?? [])];
  const place = order.indexOf(event.target as HTMLElement);
  if (place < 0) return;
  const next = order[place + (event.shiftKey ? -1 : 1)];
  (next ?? input).focus();
  // At either end, and where the next one is not displayed, the browser goes on from where the focus is.
  if (next?.matches(':focus')) event.preventDefault();
}
