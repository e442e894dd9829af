'use client';

import type { ReactElement } from 'react';

/** A polite live region. Keep it mounted: only a change of its text is read. */
export function LiveRegion({ text }: { readonly text: string }): ReactElement {
  return (
    <div role="status" aria-live="polite" aria-atomic="true" ref={hideFromView}>
      {text}
    </div>
  );
}

/**
 * Not in the stylesheet: whoever styles the parts alone must not see this text either. Not as an attribute of what a
 * server renders: `style-src 'self'` would not let it through. On a server there is no text yet.
 */
function hideFromView(element: HTMLElement | null): void {
  if (element !== null) element.style.cssText = 'position:fixed;top:0;left:0;clip-path:inset(50%)';
}
