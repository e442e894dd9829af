import type { Filter } from '../filter.ts';
import type { DocumentId, Metadata } from './values.ts';

/**
 * What goes in. It replaces the document of the same id: metadata left out is gone. Only with
 * neither `text` nor `vector`, which a new document cannot do without, are those kept and just
 * the metadata given replaced. A text that is stored already keeps its vector.
 */
export interface VectorDocument<M extends Metadata = Metadata> {
  readonly id: DocumentId;
  /** Embedded by the index's embedder unless `vector` is given; stored and returned by searches. */
  readonly text?: string | undefined;
  /** Length: the index's `dimensions`. Copied, so the caller may reuse it. */
  readonly vector?: Float32Array | undefined;
  readonly metadata?: M | undefined;
  /** Default `'default'`. Searches see one namespace. */
  readonly namespace?: string | undefined;
}

/** What is stored. */
export interface StoredDocument<M extends Metadata = Metadata> {
  readonly id: DocumentId;
  readonly namespace: string;
  readonly text: string | undefined;
  readonly metadata: M;
  /** The end of the text was not read by the embedder. */
  readonly truncated: boolean;
  /** Milliseconds since the epoch, when the document was first inserted. */
  readonly createdAt: number;
  /** Milliseconds since the epoch, when text, vector or metadata last changed. */
  readonly updatedAt: number;
  /** Only when asked for. */
  readonly vector?: Float32Array<ArrayBuffer>;
}

/** A document, by its names. */
export interface DocumentReference {
  readonly namespace: string;
  readonly id: DocumentId;
}

/** A part of an index whose documents no search of another part sees. */
export interface NamespaceInfo {
  readonly namespace: string;
  readonly documentCount: number;
  /**
   * About what its rows take: texts by their UTF-16 units, vectors as f32, no metadata, nothing of the
   * graph. `null` unless asked for.
   */
  readonly bytes: number | null;
}

/** Which documents to count. */
export interface CountParams<M extends Metadata = Metadata> {
  /** Default `'default'`. */
  readonly namespace?: string | undefined;
  /** Default: all of the namespace. */
  readonly filter?: Filter<M> | undefined;
}

/** Which documents to list. */
export interface ListParams<M extends Metadata = Metadata> extends CountParams<M> {
  /** Default 100. */
  readonly limit?: number | undefined;
  /** Ids after this one, in id order. Default: from the first. */
  readonly after?: DocumentId | undefined;
}
