'use client';

import { SemanticSearchBox } from '@akin/react/components';
import { useRouter } from 'next/navigation';

const suggestions = ['I paid twice', 'My bag is gone', 'Can my daughter come along?'];

export function Search() {
  const router = useRouter();
  return (
    <SemanticSearchBox<{ title: string }>
      placeholder="What has happened?"
      suggestions={suggestions}
      getHitTitle={(hit) => hit.metadata.title}
      onSelect={(hit) => router.push(`/articles/${hit.id}`)}
    />
  );
}
