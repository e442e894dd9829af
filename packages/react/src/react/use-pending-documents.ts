'use client';

import { hashKey, useMutationState, type Mutation } from '@tanstack/react-query';
import { DEFAULT_NAMESPACE } from '../core/documents.ts';
import type { DocumentId, Metadata, VectorDocument, VectorIndex } from '../core/index.ts';
import { insertKey } from './query-keys.ts';
import type { InsertVariables } from './use-insert.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** A document that was handed to `useInsert` and is not stored yet. */
export interface PendingDocument<M extends Metadata = Metadata> {
  readonly id: DocumentId;
  readonly text: string | undefined;
  readonly metadata: M | undefined;
}

/** What {@link usePendingDocuments} takes. */
export interface UsePendingDocumentsOptions<M extends Metadata = Metadata> {
  /** Default `'default'`. */
  readonly namespace?: string | undefined;
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
}

/**
 * What any {@link useInsert} of this index is inserting just now, to be shown before it is stored. A
 * document leaves the list when its insert succeeds, and is in the index and in shown lists then, or when it
 * fails. Each is there once, by its id. Inserts of other tabs, and those without the hook, are not seen.
 *
 * @example
 * ```tsx
 * import { useDocuments, usePendingDocuments } from '@akin/react';
 *
 * export function Notes() {
 *   const { data } = useDocuments();
 *   const pending = usePendingDocuments();
 *   return (
 *     <>
 *       {data?.documents.map(({ id, text }) => <p key={id}>{text}</p>)}
 *       {pending.map(({ id, text }) => <p key={id}>{text} (being saved)</p>)}
 *     </>
 *   );
 * }
 * ```
 */
export function usePendingDocuments<M extends Metadata = Metadata>(
  options: UsePendingDocumentsOptions<M> = {},
): readonly PendingDocument<M>[] {
  const { namespace = DEFAULT_NAMESPACE, index: given } = options;
  const { index, queryClient } = useVectorIndexContext('usePendingDocuments', given);
  const inserts = useMutationState(
    {
      filters: { mutationKey: insertKey(index).slice(0, 1), status: 'pending' },
      // Without vectors: the list is compared with the last one, number by number.
      select: ({ state, options }: Mutation) =>
        documentsIn(state.variables as InsertVariables<M>).map(
          ({ id, text, metadata, namespace: of = DEFAULT_NAMESPACE }) => ({
            of: hashKey([options.mutationKey, of]),
            document: { id, text, metadata },
          }),
        ),
    },
    queryClient,
  );
  // Not by `filters` or `select`, which hear of another index or namespace with the next insert only.
  const wanted = hashKey([insertKey(index), namespace]);
  const found = new Map<DocumentId, PendingDocument<M>>();
  // Of one id only the last counts.
  for (const { of, document } of inserts.flat())
    if (of === wanted) found.set(document.id, document);
  return [...found.values()];
}

function documentsIn<M extends Metadata>(
  variables: InsertVariables<M>,
): readonly VectorDocument<M>[] {
  // Whatever was given: the insert itself says what is wrong with it.
  const given: unknown = (Object(variables) as { documents?: unknown }).documents ?? variables;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.filter(
    (document): document is VectorDocument<M> => typeof document === 'object' && document !== null,
  );
}
