import { useEffect, useRef } from 'react';

/** Brings the end of the conversation into view whenever something is added. */
export function useStickToEnd(length: number) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (length > 0) end.current?.scrollIntoView({ block: 'end' });
  }, [length]);
  return end;
}
