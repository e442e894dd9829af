'use client';

import type { ReactElement } from 'react';

/** Neighbours in a graph. */
export function GraphIcon(): ReactElement {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <circle cx="10" cy="10" r="2.25" />
      <circle cx="3.5" cy="5" r="1.5" />
      <circle cx="16" cy="3.75" r="1.5" />
      <circle cx="15.25" cy="16" r="1.5" />
      <path d="m4.75 5.95 3.4 2.6m6.7-3.8-3.2 3.6m-.1 3.3 2.7 3.2" />
    </svg>
  );
}
