import { useEffect, useRef } from 'react';

/** Nearer to the end than this, a person reads the end. */
const nearPx = 80;

/**
 * Keeps the end of a growing element in view while it is `growing`, unless the person scrolled up
 * to read. `stick` goes back to the end.
 */
export function useStickToEnd<E extends HTMLElement>(growing: boolean) {
  const content = useRef<E>(null);
  const isAtEnd = useRef(true);

  useEffect(() => {
    if (!growing) return undefined;
    const page = document.documentElement;
    const toEnd = () => {
      if (isAtEnd.current) scrollTo({ top: page.scrollHeight, behavior: 'instant' });
    };
    const read = () => {
      isAtEnd.current = page.scrollHeight - innerHeight - scrollY < nearPx;
    };
    const observer = new ResizeObserver(toEnd);
    if (content.current !== null) observer.observe(content.current);
    addEventListener('scroll', read, { passive: true });
    return () => {
      observer.disconnect();
      removeEventListener('scroll', read);
    };
  }, [growing]);

  const stick = () => {
    isAtEnd.current = true;
  };
  return { content, stick };
}
