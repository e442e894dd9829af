'use client';

import { useEffect, useState } from 'react';

/** True once `active` has held for `delayMs` without a break: what is over sooner never shows. */
export function useDelayed(active: boolean, delayMs: number): boolean {
  const [isDue, setIsDue] = useState(false);
  if (!active && isDue) setIsDue(false);

  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setIsDue(true), delayMs);
    return () => clearTimeout(timer);
  }, [active, delayMs]);

  return active && isDue;
}
