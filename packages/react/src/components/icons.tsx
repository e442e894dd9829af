'use client';

import type { ReactElement } from 'react';

interface IconProps {
  readonly className?: string;
}

export const SearchIcon = iconOf(
  'M7 2.25a4.75 4.75 0 1 1 0 9.5 4.75 4.75 0 0 1 0-9.5m3.5 8.25 3.75 3.75',
);
export const CrossIcon = iconOf('m4.25 4.25 7.5 7.5m0-7.5-7.5 7.5');
export const ChevronIcon = iconOf('m5.75 3.5 4.5 4.5-4.5 4.5');

function iconOf(path: string) {
  return function Icon({ className }: IconProps): ReactElement {
    return (
      <svg
        className={className}
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
      >
        <path d={path} />
      </svg>
    );
  };
}
