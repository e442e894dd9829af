import { VectorIndexError, invalidInput } from './errors.ts';
import type {
  DocumentId,
  Metadata,
  RemoveSelector,
  SearchTarget,
  VectorDocument,
} from './types.ts';

export const DEFAULT_NAMESPACE = 'default';

const GIVE_IDS = 'Give each document an id: a string, not empty.';

/** A document as given, checked as far as is cheap. */
export interface CheckedDocument {
  readonly id: DocumentId;
  readonly namespace: string;
  readonly text: string | undefined;
  readonly vector: Float32Array | undefined;
  readonly metadata: Metadata | undefined;
}

/** Checks documents; of several with one key the last is kept. */
export function checkDocuments(
  documents: VectorDocument | readonly VectorDocument[],
  dimensions: number,
): CheckedDocument[] {
  const list = isList(documents) ? documents : [documents];
  const byKey = new Map<string, CheckedDocument>();
  for (const document of list) {
    const checked = checkDocument(document, dimensions);
    const key = JSON.stringify([checked.namespace, checked.id]);
    byKey.delete(key);
    byKey.set(key, checked);
  }
  return [...byKey.values()];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function checkDocument(document: VectorDocument, dimensions: number): CheckedDocument {
  if (typeof document !== 'object' || document === null) {
    throw invalidInput('A document is no object.', GIVE_IDS);
  }
  const { id, text, vector, metadata } = document;
  checkId(id);
  if (text !== undefined && typeof text !== 'string') {
    throw invalidInput(
      `The text of document "${id}" is no string.`,
      'Give a string, or leave it out.',
    );
  }
  if (vector !== undefined) checkVector(vector, dimensions, `The vector of document "${id}"`);
  if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null)) {
    throw invalidInput(`The metadata of document "${id}" is no object.`, 'Give an object.');
  }
  return {
    id,
    namespace: checkNamespace(document.namespace),
    text,
    // A copy: the caller may reuse the vector while earlier batches are stored.
    vector: vector?.slice(),
    metadata,
  };
}

export function checkVector(vector: unknown, dimensions: number, what: string): void {
  if (!(vector instanceof Float32Array)) {
    throw invalidInput(`${what} is no Float32Array.`, 'Give one.');
  }
  if (vector.length !== dimensions) {
    throw new VectorIndexError(
      'dimension-mismatch',
      `${what} has ${vector.length} dimensions, and the index ${dimensions}.`,
      'Give vectors of the model that the index was made for.',
    );
  }
}

export function checkId(id: unknown): asserts id is DocumentId {
  if (typeof id !== 'string' || id === '') {
    throw invalidInput('A document has no id.', GIVE_IDS);
  }
}

export function checkNamespace(namespace: string | undefined): string {
  if (namespace === undefined) return DEFAULT_NAMESPACE;
  if (typeof namespace !== 'string' || namespace === '') {
    throw invalidInput('The namespace is no string, or empty.', 'Name it, or leave it out.');
  }
  return namespace;
}

/** `ids: null` stands for all of the namespace. */
export function checkSelector(selector: RemoveSelector): {
  namespace: string;
  ids: readonly DocumentId[] | null;
} {
  const isIds = typeof selector === 'string' || isList<unknown>(selector);
  const given = (isIds ? { ids: [selector].flat() } : Object(selector)) as {
    ids: readonly DocumentId[];
    namespace?: string;
  };
  const { ids, namespace } = given;
  // Said to be `undefined`, it is a mistake, and must not mean all of them.
  const isAll = !('ids' in given);
  if (isAll && namespace === undefined) {
    throw invalidInput('Nothing says what to remove.', 'Give ids, or a namespace.');
  }
  return {
    namespace: checkNamespace(namespace),
    ids: isAll ? null : checkIds(ids),
  };
}

function checkIds(ids: readonly DocumentId[]): readonly DocumentId[] {
  if (!isList(ids)) throw invalidInput('`ids` is no list.', 'Give ids, or a namespace.');
  ids.forEach(checkId);
  return [...new Set(ids)];
}

export function checkTarget(target: SearchTarget, dimensions: number): SearchTarget {
  if (typeof target === 'string') {
    if (target.trim() === '') {
      throw invalidInput('The query is empty.', 'Search once there is something to search for.');
    }
  } else if (target instanceof Float32Array) checkVector(target, dimensions, 'The query');
  else if (typeof target === 'object' && target !== null && 'id' in target) checkId(target.id);
  else
    throw invalidInput(
      'The query is nothing that can be searched for.',
      'Give text, a vector or an id.',
    );
  return target;
}

export function checkCount(value: number | undefined, fallback: number, name: string): number {
  if (value === undefined) return fallback;
  if (!Number.isSafeInteger(value) || value < 0) {
    throw invalidInput(`\`${name}\` is ${value}.`, 'Give a whole number, 0 or more.');
  }
  return value;
}
