import { indexKey, useVectorIndex } from '@akin/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { passageId, type PassageMetadata } from './passage.ts';

/** A document's passages from one position to another, as far as they are stored. */
export function usePassages(documentId: string, from: number, to: number) {
  const index = useVectorIndex<PassageMetadata>();
  return useQuery({
    queryKey: [...indexKey(index), 'passages', documentId, from, to],
    queryFn: async () => {
      const ids = Array.from({ length: to - from + 1 }, (_, at) =>
        passageId(documentId, from + at),
      );
      const passages = await Promise.all(ids.map((id) => index.get(id)));
      return passages.filter((passage) => passage !== undefined);
    },
    placeholderData: keepPreviousData,
    networkMode: 'always',
    staleTime: Infinity,
    retry: false,
  });
}
