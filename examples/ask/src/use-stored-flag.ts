import { useCallback, useState } from 'react';

/** A yes or no that outlives the page. Where storage is blocked, it lasts as long as the page. */
export function useStoredFlag(key: string): readonly [boolean, (flag: boolean) => void] {
  const [flag, setFlag] = useState(() => read(key));
  const set = useCallback(
    (next: boolean) => {
      setFlag(next);
      write(key, next);
    },
    [key],
  );
  return [flag, set];
}

function read(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function write(key: string, flag: boolean): void {
  try {
    if (flag) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // The page goes on without it.
  }
}
