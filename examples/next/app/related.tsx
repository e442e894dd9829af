'use client';

import { useSimilar } from '@akin/react';
import Link from 'next/link';

/** What is most like an article, as soon as the index holds it. */
export function Related({ id }: { readonly id: string }) {
  const { data } = useSimilar<{ title: string }>({ query: { id }, k: 3 });
  if (!data?.hits.length) return null;
  return (
    <section>
      <h2>Related</h2>
      <ul>
        {data.hits.map((hit) => (
          <li key={hit.id}>
            <Link href={`/articles/${hit.id}`}>{hit.metadata.title}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
