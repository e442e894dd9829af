'use client';

import { useEffect, useState } from 'react';

const settleMs = 500;

/**
 * Text for a live region that speaks when things have settled, not on every keystroke. `null` means
 * "not settled": nothing is said. Only a change is read, so the region is empty in between, and what
 * happens twice is said twice.
 *
 * @param occasion another one makes the same message news again
 */
export function useAnnouncement(message: string | null, occasion: unknown): string {
  const [announcement, setAnnouncement] = useState('');

  useEffect(() => {
    if (message === null || message === '') return undefined;
    const timer = setTimeout(() => setAnnouncement(message), settleMs);
    return () => {
      clearTimeout(timer);
      setAnnouncement('');
    };
  }, [message, occasion]);

  return announcement;
}
