'use client';

import { minilm } from '@akin/minilm';
import { VectorIndexProvider, useInsert } from '@akin/react';
import { useEffect, type ReactNode } from 'react';
import type { Article } from './articles';

/** Nothing is loaded on a server, nor before the first text. */
const embedder = minilm();

interface HelpIndexProps {
  readonly articles: readonly Article[];
  readonly children: ReactNode;
}

/** The index of all articles, in the visitor's browser. */
export function HelpIndex({ articles, children }: HelpIndexProps) {
  return (
    <VectorIndexProvider name="help" embedder={embedder}>
      <Articles articles={articles} />
      {children}
    </VectorIndexProvider>
  );
}

/**
 * Puts in what is new or changed: the same text is not embedded again. An article that is taken back stays
 * in the index until its id is given to `remove()`.
 */
function Articles({ articles }: Pick<HelpIndexProps, 'articles'>) {
  const { mutate: insert, error } = useInsert<{ title: string }>();
  useEffect(() => {
    insert(articles.map(({ id, title, text }) => ({ id, text, metadata: { title } })));
  }, [articles, insert]);
  return error && <p role="alert">{error.message}</p>;
}
