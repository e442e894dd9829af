import type {
  DocumentId,
  ListParams,
  Metadata,
  SearchParams,
  SearchTarget,
  VectorIndex,
} from '../core/index.ts';

/**
 * Everything cached about an index: `queryClient.invalidateQueries({ queryKey })`.
 *
 * @example
 * ```tsx
 * import { indexKey, useVectorIndex } from '@akin/react';
 * import { useIsFetching } from '@tanstack/react-query';
 *
 * export function Spinner() {
 *   const queryKey = indexKey(useVectorIndex());
 *   return useIsFetching({ queryKey }) > 0 ? <progress /> : null;
 * }
 * ```
 */
export function indexKey<M extends Metadata>(index: VectorIndex<M>): readonly unknown[] {
  return ['akin', index.name, index.embedder?.id ?? null, numberOf(index)];
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** Nothing is shared with another index of the same name, which may have been opened with another key. */
function numberOf(index: object): number {
  const number = numbers.get(index) ?? ++lastNumber;
  numbers.set(index, number);
  return number;
}

export function similarKey<M extends Metadata>(
  index: VectorIndex<M>,
  target: SearchTarget | null,
  params: SearchParams<M>,
): readonly unknown[] {
  const { filter, ...others } = params;
  return [
    ...indexKey(index),
    'similar',
    { target: keyOfTarget(target), ...others, ...keyOfFilter(filter) },
  ];
}

/** Of mutations that insert. */
export function insertKey<M extends Metadata>(index: VectorIndex<M>): readonly unknown[] {
  return [...indexKey(index), 'insert'];
}

export function documentKey<M extends Metadata>(
  index: VectorIndex<M>,
  id: DocumentId | null,
  params: { readonly namespace?: string | undefined; readonly vector?: boolean | undefined },
): readonly unknown[] {
  return [...indexKey(index), 'document', { id, ...params }];
}

export function documentsKey<M extends Metadata>(
  index: VectorIndex<M>,
  { filter, ...params }: Pick<ListParams<M>, 'namespace' | 'limit' | 'filter'>,
): readonly unknown[] {
  return [...indexKey(index), 'documents', { ...params, ...keyOfFilter(filter) }];
}

export function namespacesKey(
  index: VectorIndex,
  params: { readonly bytes: boolean },
): readonly unknown[] {
  return [...indexKey(index), 'namespaces', params];
}

/** JSON writes a date as the string that another filter may have asked for. */
function keyOfFilter(filter: unknown) {
  if (filter === undefined) return {};
  const tagged = (value: unknown): unknown => {
    if (value instanceof Date) return { date: value.getTime() };
    if (Array.isArray(value)) return value.map(tagged);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      // `undefined` is an error, and not the filter that asks for nothing.
      Object.entries(value).map(([name, part]) => [name, part === undefined ? {} : tagged(part)]),
    );
  };
  return { filter: tagged(filter) };
}

/**
 * TanStack Query hashes keys with `JSON.stringify`, which writes a typed array out number by
 * number on every render: a vector enters the key as a digest.
 */
function keyOfTarget(target: SearchTarget | null): unknown {
  return target instanceof Float32Array ? { vector: digestOf(target) } : target;
}

/** 106 bits over the vector's bytes: two runs of cyrb53 (public domain, bryc) with unlike seeds. */
function digestOf(vector: Float32Array): string {
  const words = new Uint32Array(vector.slice().buffer);
  return [vector.length, cyrb53(words, 0), cyrb53(words, 0x9e3779b9)].join('-');
}

function cyrb53(words: Uint32Array, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (const word of words) {
    high = Math.imul(high ^ word, 2654435761);
    low = Math.imul(low ^ word, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
