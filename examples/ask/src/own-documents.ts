import { indexKey, useInsert, useRemove, useVectorIndex, type VectorIndex } from '@akin/react';
import { useQuery } from '@tanstack/react-query';
import { splitText } from '../corpus/split.mjs';
import { passageId, toPassages, type PassageMetadata } from './passage.ts';

export interface OwnText {
  readonly title: string;
  readonly text: string;
}

/** Every document of one's own starts with this; no passage of the corpus does. */
const prefix = 'own:';

/** Splits texts as the corpus was split, and puts them beside it. */
export function useAddTexts() {
  const insert = useInsert<PassageMetadata>();
  const add = (texts: readonly OwnText[]) => {
    const now = Date.now().toString(36);
    const passages = texts.flatMap(({ title, text }, at) =>
      toPassages({ documentId: `${prefix}${now}.${at}`, title, source: 'own' }, splitText(text)),
    );
    insert.mutate(passages);
  };
  return { add, insert };
}

export function useRemoveDocument() {
  const { mutate, ...rest } = useRemove();
  return {
    ...rest,
    remove: ({ documentId, of }: PassageMetadata) =>
      mutate(Array.from({ length: of }, (_, at) => passageId(documentId, at + 1))),
  };
}

/** One's own documents, by the metadata of their first passage. Follows the index. */
export function useOwnDocuments() {
  const index = useVectorIndex<PassageMetadata>();
  return useQuery({
    queryKey: [...indexKey(index), 'own documents'],
    queryFn: () => listOwnDocuments(index),
    networkMode: 'always',
    staleTime: Infinity,
    retry: false,
  });
}

/** From each document's first passage straight to the next document. */
async function listOwnDocuments(index: VectorIndex<PassageMetadata>): Promise<PassageMetadata[]> {
  const documents: PassageMetadata[] = [];
  let after = prefix;
  for (;;) {
    const [passage] = await index.list({ after, limit: 1 });
    if (passage?.metadata.source !== 'own') return documents;
    documents.push(passage.metadata);
    // Above every passage number.
    after = `${passage.metadata.documentId}#~`;
  }
}
