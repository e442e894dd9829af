'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useContext } from 'react';
import { VectorIndexError, type Metadata, type VectorIndex } from '../core/index.ts';
import { useRevisionBridge } from './use-revision-bridge.ts';
import { VectorIndexContext, type VectorIndexContextValue } from './context.ts';

/**
 * The index of the nearest `<VectorIndexProvider>`: the same object on every render.
 *
 * @throws VectorIndexError `invalid-input` without a provider above.
 *
 * @example
 * ```tsx
 * import { useVectorIndex } from '@akin/react';
 *
 * export function Purge({ id }: { id: string }) {
 *   const index = useVectorIndex();
 *   return <button onClick={() => void index.purge(id)}>Delete every trace</button>;
 * }
 * ```
 */
export function useVectorIndex<M extends Metadata = Metadata>(): VectorIndex<M> {
  return useVectorIndexContext('useVectorIndex').index as unknown as VectorIndex<M>;
}

/** What a hook works on: the index it was given, or the provider's. */
export function useVectorIndexContext(
  hook: string,
  index?: VectorIndex,
): VectorIndexContextValue & { queryClient: QueryClient } {
  const context = useContext(VectorIndexContext);
  if (context === null) {
    throw new VectorIndexError(
      'invalid-input',
      `${hook} was called outside <VectorIndexProvider>.`,
      'Render <VectorIndexProvider name="…" embedder={…}> above the component that calls it.',
    );
  }
  const { queryClient } = context;
  // The provider sees to its own.
  const other = index === context.index ? undefined : index;
  useRevisionBridge(other, queryClient);
  return other ? { index: other, queryClient } : context;
}
