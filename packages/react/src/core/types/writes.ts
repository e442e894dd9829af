import type { DocumentId } from './values.ts';

/** How far an insert is. */
export interface InsertProgress {
  /** Documents that are stored and can be found. Never goes down within one insert. */
  readonly done: number;
  /** Documents in all; of those with one id only the last counts. */
  readonly total: number;
}

/** How to follow an insert, and how to stop it. */
export interface InsertOptions {
  /** Stops after the batch in flight. What was acknowledged stays. */
  readonly signal?: AbortSignal | undefined;
  /** After every acknowledged batch. */
  readonly onProgress?: ((progress: InsertProgress) => void) | undefined;
}

/** What became of the documents that were inserted. */
export interface InsertResult {
  /** Documents that were not there before. */
  readonly inserted: number;
  /** Documents that were there and were written anew. */
  readonly updated: number;
  /** Same text and metadata as stored: nothing embedded, nothing written. */
  readonly unchanged: number;
  /** Documents whose text was longer than the model reads. */
  readonly truncated: readonly DocumentId[];
}

/**
 * Which documents to remove: by id or ids, in the namespace `'default'` unless another is named, or all of a
 * namespace.
 */
export type RemoveSelector =
  | DocumentId
  | readonly DocumentId[]
  | {
      readonly ids: readonly DocumentId[];
      readonly namespace?: string | undefined;
    }
  /** Everything in a namespace. */
  | { readonly namespace: string; readonly ids?: never };

/**
 * When an insert or a removal counts as stored.
 *
 * - `strict`: once the browser says that it is on the disk
 * - `relaxed`: once the operating system has it. Faster for small inserts where the disk is slow. A
 *   tab, a worker or a browser that is killed loses nothing; a power cut or a crash of the operating system may take the
 *   last acknowledged operations with it, newest first, so that nothing is missing in between.
 */
export type Durability = 'strict' | 'relaxed';
