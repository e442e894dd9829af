/**
 * Moves the highlight to the first or last option. Base UI moves it by arrow key and by pointer
 * only, so this is a pointer that moves over the option.
 */
export function highlightOption(list: HTMLElement, place: 0 | -1): void {
  const option = [...list.querySelectorAll('[role="option"]')].at(place);
  if (option === undefined) return;
  // WebKit also fires `mousemove` when things move under a still pointer; movement tells.
  option.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, movementX: 1, movementY: 1 }));
  option.scrollIntoView({ block: 'nearest' });
}
