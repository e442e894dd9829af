import { queryOptions } from '@tanstack/react-query';
import type { NamespaceInfo, VectorIndex, VectorIndexError } from '../core/index.ts';
import { localQuery } from './local-query.ts';
import { namespacesKey } from './query-keys.ts';

/** What to tell of the namespaces. */
export interface NamespacesOptions {
  /** Whether what they take is measured, which reads all documents. Default false. */
  readonly bytes?: boolean | undefined;
}

/** What is cached of the namespaces. */
export interface NamespacesData {
  readonly namespaces: readonly NamespaceInfo[];
  /** The index revision that was read. */
  readonly revision: number;
}

/**
 * Query options for the namespaces, as {@link useNamespaces} uses them, but for `bytes`: there they stay as
 * they are, here they follow changes, which reads all documents each time. Data is a list.
 *
 * @example
 * ```tsx
 * import { namespacesOptions, useVectorIndex } from '@akin/react';
 * import { useSuspenseQuery } from '@tanstack/react-query';
 *
 * export function Users() {
 *   const { data } = useSuspenseQuery(namespacesOptions(useVectorIndex()));
 *   return data.map(({ namespace }) => <p key={namespace}>{namespace}</p>);
 * }
 * ```
 */
export function namespacesOptions(index: VectorIndex, { bytes = false }: NamespacesOptions = {}) {
  return queryOptions<NamespacesData, VectorIndexError, readonly NamespaceInfo[]>({
    ...localQuery,
    queryKey: namespacesKey(index, { bytes }),
    queryFn: async () => {
      await index.ready();
      const { revision } = index.status.get();
      return { namespaces: await index.namespaces({ bytes }), revision };
    },
    select: ({ namespaces }) => namespaces,
  });
}
