'use client';

import { useEffect, useState } from 'react';

/**
 * True once `active` has held for `delayMs` without a break: what is over sooner never shows.
 * With `startsDue`, what is active from the beginning is due from the beginning.
 */
export function useDelayed(active: boolean, delayMs: number, startsDue = false): boolean {
  const [isDue, setIsDue] = useState(startsDue && active);
  if (!active && isDue) setIsDue(false);

  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setIsDue(true), delayMs);
    return () => clearTimeout(timer);
  }, [active, delayMs]);

  return active && isDue;
}
