import { toPassages, type Passage } from './passage.ts';

/** What `npm run corpus` writes. */
export interface Corpus {
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly licenceUrl: string;
  readonly documents: readonly {
    readonly id: string;
    readonly title: string;
    readonly passages: readonly { readonly id: string; readonly text: string }[];
  }[];
}

export async function fetchCorpus({ signal }: { signal: AbortSignal }): Promise<Corpus> {
  const response = await fetch('/corpus.json', { signal });
  if (!response.ok) throw new Error(`The addresses could not be fetched (${response.status}).`);
  return (await response.json()) as Corpus;
}

/** Newest address first. `?passages=50` takes the first fifty, for a quick look. */
export function corpusToPassages(corpus: Corpus): readonly Passage[] {
  const passages = corpus.documents.toReversed().flatMap(({ id, title, passages }) =>
    toPassages(
      { documentId: id, title, source: 'corpus' },
      passages.map(({ text }) => text),
    ),
  );
  const limit = Number(new URLSearchParams(location.search).get('passages'));
  return limit > 0 ? passages.slice(0, limit) : passages;
}
