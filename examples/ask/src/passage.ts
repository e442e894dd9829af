import type { Metadata, VectorDocument } from '@akin/react';

/** A part of a longer text, short enough for the model to read whole. */
export interface PassageMetadata extends Metadata {
  readonly documentId: string;
  readonly title: string;
  readonly source: 'corpus' | 'own';
  /** 1 is the document's first. */
  readonly position: number;
  /** How many passages the document has. */
  readonly of: number;
}

export type Passage = VectorDocument<PassageMetadata>;

export function passageId(documentId: string, position: number): string {
  return `${documentId}#${position}`;
}

export function toPassages(
  document: Pick<PassageMetadata, 'documentId' | 'title' | 'source'>,
  texts: readonly string[],
): Passage[] {
  return texts.map((text, at) => ({
    id: passageId(document.documentId, at + 1),
    text,
    metadata: { ...document, position: at + 1, of: texts.length },
  }));
}
