'use client';

import { useEffect, useState } from 'react';

const settleMs = 500;

/**
 * Text for a live region that speaks when things have settled, not on every keystroke. `null`
 * means "not settled": the last text stays, and nothing is said.
 */
export function useAnnouncement(message: string | null): string {
  const [announcement, setAnnouncement] = useState('');

  useEffect(() => {
    if (message === null) return undefined;
    const timer = setTimeout(() => setAnnouncement(message), settleMs);
    return () => clearTimeout(timer);
  }, [message]);

  return announcement;
}
