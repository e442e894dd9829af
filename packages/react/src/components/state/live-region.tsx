'use client';

import type { CSSProperties, ReactElement } from 'react';

/** A polite live region. Keep it mounted: only a change of its text is read. */
export function LiveRegion({ text }: { readonly text: string }): ReactElement {
  return (
    <div role="status" aria-live="polite" aria-atomic="true" style={visuallyHidden}>
      {text}
    </div>
  );
}

// Not in the stylesheet: whoever styles the parts alone must not see this text either.
const visuallyHidden: CSSProperties = {
  position: 'absolute',
  inlineSize: 1,
  blockSize: 1,
  margin: -1,
  padding: 0,
  border: 0,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
};
