'use client';

import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { NamespaceInfo, VectorIndex, VectorIndexError } from '../core/index.ts';
import { keyByLiveness } from './local-query.ts';
import { namespacesOptions, type NamespacesOptions } from './namespaces-options.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useNamespaces} takes. */
export interface UseNamespacesOptions extends NamespacesOptions {
  /** Default: the provider's. */
  readonly index?: VectorIndex | undefined;
  /** Whether it follows changes, here or in another tab. Default: unless bytes are measured. */
  readonly live?: boolean | undefined;
}

/**
 * The namespaces that hold documents, with how many; `useRemove()` takes `{ namespace }` to empty one.
 *
 * @example
 * ```tsx
 * import { useNamespaces, useRemove } from '@akin/react';
 *
 * export function Users() {
 *   const { data: users = [] } = useNamespaces();
 *   const remove = useRemove();
 *   return users.map(({ namespace, documentCount }) => (
 *     <button key={namespace} onClick={() => remove.mutate({ namespace })}>
 *       Forget {documentCount} notes of {namespace}
 *     </button>
 *   ));
 * }
 * ```
 */
export function useNamespaces(
  options: UseNamespacesOptions = {},
): UseQueryResult<readonly NamespaceInfo[], VectorIndexError> {
  const { index: given, bytes = false, live = !bytes } = options;
  const { index, queryClient } = useVectorIndexContext('useNamespaces', given);
  const query = namespacesOptions(index, { bytes });
  const queryKey = keyByLiveness(query.queryKey, live);
  return useQuery({ ...query, queryKey }, queryClient);
}
