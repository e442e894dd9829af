'use client';

import type { ReactElement } from 'react';

const strokes = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.5,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
  'aria-hidden': true,
} as const;

export function SearchIcon({ className }: { readonly className?: string }): ReactElement {
  return (
    <svg className={className} width="16" height="16" viewBox="0 0 16 16" {...strokes}>
      <circle cx="7" cy="7" r="4.75" />
      <path d="m10.5 10.5 3.75 3.75" />
    </svg>
  );
}

export function CrossIcon(): ReactElement {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" {...strokes}>
      <path d="m4.25 4.25 7.5 7.5m0-7.5-7.5 7.5" />
    </svg>
  );
}

export function ChevronIcon({ className }: { readonly className?: string }): ReactElement {
  return (
    <svg className={className} width="16" height="16" viewBox="0 0 16 16" {...strokes}>
      <path d="m5.75 3.5 4.5 4.5-4.5 4.5" />
    </svg>
  );
}
