import type { IndexCall } from '../core/call-feed.ts';
import type { DocumentId, InsertResult, SearchResult } from '../core/types.ts';

/** What was asked of an index: ids and counts, never a text, a vector or metadata. */
export type CallSubject =
  | {
      readonly kind: 'search';
      readonly target: 'text' | 'vector' | 'document';
      /** `null` where it failed, as below. */
      readonly found: number | null;
      readonly searched: number | null;
      readonly took: SearchResult['took'] | null;
    }
  | {
      readonly kind: 'insert';
      readonly documentCount: number;
      /** The first few. */
      readonly ids: readonly DocumentId[];
      readonly result: InsertResult | null;
    }
  | {
      readonly kind: 'remove' | 'purge';
      /** The first few; `null` for a whole namespace. */
      readonly ids: readonly DocumentId[] | null;
      readonly namespace: string | null;
      readonly removed: number | null;
    }
  | { readonly kind: 'optimize' | 'verify' | 'repair' };

/** Ids of one call that are told. */
const FEW = 5;
const DEFAULT_NAMESPACE = 'default';

/** What may be kept of a call: also of one that failed because of what it was given. */
export function subjectOf({ kind, given, result }: IndexCall): CallSubject {
  switch (kind) {
    case 'insert': {
      const list: readonly unknown[] = Array.isArray(given) ? given : [given];
      const ids = list.slice(0, FEW).map((document) => partOf(document, 'id'));
      return {
        kind,
        documentCount: list.length,
        ids: ids.filter(isId),
        result: result as InsertResult | null,
      };
    }
    case 'search': {
      const answer = result as SearchResult | null;
      return {
        kind,
        target: targetOf(given),
        found: answer?.hits.length ?? null,
        searched: answer?.searched ?? null,
        took: answer?.took ?? null,
      };
    }
    case 'remove':
    case 'purge': {
      const ids = idsOf(given);
      const namespace = partOf(given, 'namespace') as string | undefined;
      return {
        kind,
        ids: ids && ids.slice(0, FEW).filter(isId),
        namespace: namespace ?? (ids ? DEFAULT_NAMESPACE : null),
        removed: result as number | null,
      };
    }
    case 'optimize':
    case 'verify':
    case 'repair':
      return { kind };
  }
}

function targetOf(given: unknown): 'text' | 'vector' | 'document' {
  if (typeof given === 'string') return 'text';
  return given instanceof Float32Array ? 'vector' : 'document';
}

/** `null`: all of a namespace, or nothing that makes sense. */
function idsOf(given: unknown): readonly unknown[] | null {
  if (typeof given === 'string') return [given];
  const ids: unknown = Array.isArray(given) ? given : partOf(given, 'ids');
  return Array.isArray(ids) ? ids : null;
}

function partOf(given: unknown, name: string): unknown {
  return (Object(given) as Record<string, unknown>)[name];
}

function isId(id: unknown): id is DocumentId {
  return typeof id === 'string';
}
