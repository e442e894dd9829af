import { useVectorIndex, type VectorIndex } from '@akin/react';
import { useEffect } from 'react';

declare global {
  interface Window {
    /** For the console: `await akin.search('…')`. */
    akin?: VectorIndex;
  }
}

/** Puts the index where the browser's console finds it. */
export function useConsoleHandle(): void {
  const index = useVectorIndex();
  useEffect(() => {
    window.akin = index;
    return () => void delete window.akin;
  }, [index]);
}
