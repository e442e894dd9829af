import type { CallSubject } from './call-feed.ts';
import { DEFAULT_NAMESPACE } from './documents.ts';
import type {
  DocumentId,
  InsertResult,
  RemoveSelector,
  SearchResult,
  SearchTarget,
  VectorDocument,
} from './types.ts';

/** Ids of one call that are told. */
const FEW = 5;

type Document = Pick<VectorDocument, 'id'>;

// Nothing here was checked before: what is no good has made the call fail, which is told all the same.

export function insertSubject(documents: Document | readonly Document[]) {
  const list = isList(documents) ? documents : [documents];
  const ids = fewIds(list.slice(0, FEW).map((document: Document | undefined) => document?.id));
  return (result: InsertResult | null): CallSubject => ({
    kind: 'insert',
    documentCount: list.length,
    ids,
    result,
  });
}

export function searchSubject(target: SearchTarget) {
  return (result: SearchResult | null): CallSubject => ({
    kind: 'search',
    target: kindOf(target),
    found: result?.hits.length ?? null,
    searched: result?.searched ?? null,
    took: result?.took ?? null,
  });
}

export function removeSubject(kind: 'remove' | 'purge', selector: RemoveSelector) {
  const { ids, namespace } = selected(selector);
  return (removed: number | null): CallSubject => ({
    kind,
    ids: ids && fewIds(ids),
    namespace,
    removed,
  });
}

function selected(selector: RemoveSelector): {
  ids: readonly unknown[] | null;
  namespace: string | null;
} {
  if (typeof selector === 'string') return { ids: [selector], namespace: DEFAULT_NAMESPACE };
  if (isList<DocumentId>(selector)) return { ids: selector, namespace: DEFAULT_NAMESPACE };
  const given = selector as { ids?: readonly DocumentId[]; namespace?: string } | undefined;
  const ids = isList<DocumentId>(given?.ids) ? given.ids : null;
  return { ids, namespace: given?.namespace ?? (ids ? DEFAULT_NAMESPACE : null) };
}

function kindOf(target: SearchTarget): 'text' | 'vector' | 'document' {
  if (typeof target === 'string') return 'text';
  return target instanceof Float32Array ? 'vector' : 'document';
}

function fewIds(ids: readonly unknown[]): DocumentId[] {
  return ids.slice(0, FEW).filter((id): id is DocumentId => typeof id === 'string');
}

function isList<T>(value: unknown): value is readonly T[] {
  return Array.isArray(value);
}
