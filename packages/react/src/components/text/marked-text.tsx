'use client';

import { Fragment, useMemo, type ReactElement, type ReactNode } from 'react';
import { excerptStart } from './excerpt.ts';
import { queryWords, wordPattern } from './query-words.ts';

/** What `<MarkedText>` takes. */
export interface MarkedTextProps {
  readonly text: string;
  /** Its words are marked where the text holds them exactly. */
  readonly query: string;
  /** Starts at the sentence that holds most of the words, for text that is cut to a few lines. */
  readonly excerpt?: boolean | undefined;
}

/**
 * Text with the query's own words in `<mark>`. Always text nodes, never markup from the text.
 *
 * @example
 * ```tsx
 * import { MarkedText } from '@akin/react/components';
 * import type { SearchHit } from '@akin/react';
 *
 * export function Hit({ hit, query }: { hit: SearchHit; query: string }) {
 *   return (
 *     <p>
 *       <MarkedText text={hit.text ?? ''} query={query} excerpt />
 *     </p>
 *   );
 * }
 * ```
 */
export function MarkedText({ text, query, excerpt = false }: MarkedTextProps): ReactElement {
  const pattern = useMemo(() => wordPattern(queryWords(query)), [query]);
  const children = useMemo(() => {
    const start = excerpt ? excerptStart(text, pattern) : 0;
    const shown = text.slice(start);
    return (
      <>
        {start > 0 ? '… ' : null}
        {pattern === null ? shown : markMatches(shown, pattern)}
      </>
    );
  }, [text, pattern, excerpt]);
  return children;
}

function markMatches(text: string, pattern: RegExp): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const { index, 0: match } of text.matchAll(pattern)) {
    parts.push(<Fragment key={`text-${from}`}>{text.slice(from, index)}</Fragment>);
    parts.push(<mark key={`mark-${index}`}>{match}</mark>);
    from = index + match.length;
  }
  parts.push(<Fragment key={`text-${from}`}>{text.slice(from)}</Fragment>);
  return parts;
}
