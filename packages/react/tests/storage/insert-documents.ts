import type { Metadata } from '../../src/core/types.ts';
import type { Tab } from './crash/tab.ts';
import { vectorOf } from './crash/workload.ts';

export interface NewDocument {
  readonly id: string;
  /** Default: its id. */
  readonly text?: string;
  readonly metadata?: Metadata;
}

let operations = 0;

/** Inserts documents into the namespace `n` in one operation, each with the vector of its text. */
export async function insertDocuments(tab: Tab, given: readonly NewDocument[]): Promise<void> {
  const documents = given.map(({ id, text = id, metadata = {} }, vector) => ({
    ...{ namespace: 'n', id, text, metadata, truncated: false, vector },
  }));
  await tab.call('put', {
    opId: `insert ${operations++}`,
    embedderId: 'e',
    documents,
    vectors: new Float32Array(documents.flatMap((document) => Array.from(vectorOf(document)))),
  });
}

/** Gives documents other metadata, and leaves their texts and vectors. */
export async function changeDocuments(tab: Tab, given: readonly NewDocument[]): Promise<void> {
  await tab.call('put', {
    opId: `change ${operations++}`,
    embedderId: 'e',
    documents: given.map(({ id, text = id, metadata = {} }) => ({
      ...{ namespace: 'n', id, text, metadata, truncated: false, vector: null },
    })),
    vectors: new Float32Array(0),
  });
}

/** `d0` and so on. The rows of 2,500 with long texts are worth a snapshot. */
export function numberedDocuments(from: number, to: number, text?: string): NewDocument[] {
  return Array.from({ length: to - from }, (_, at) => ({
    id: `d${from + at}`,
    ...(text === undefined ? {} : { text: `${from + at} ${text}` }),
    metadata: { kind: (from + at) % 2 === 0 ? 'even' : 'odd', number: from + at },
  }));
}

export const LONG_TEXT = 'Whatever else they say, documents are mostly text. '.repeat(40);
