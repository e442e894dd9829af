import { createVectorIndex } from '../core/index.ts';
import type { Metadata, VectorIndex, VectorIndexOptions } from '../core/index.ts';
import { createMemoryDriver } from '../storage/memory-driver.ts';
import { hashEmbedder } from './hash-embedder.ts';
import { createInProcessWorker } from './in-process-worker.ts';

/**
 * `createWorker` of an index that needs neither workers nor WebAssembly nor IndexedDB.
 *
 * @example
 * ```tsx
 * import { VectorIndexProvider } from '@akin/react';
 * import { createTestWorker, hashEmbedder } from '@akin/react/testing';
 * import type { ReactNode } from 'react';
 *
 * // For `render(…, { wrapper: Wrapper })`.
 * export function Wrapper({ children }: { children: ReactNode }) {
 *   return (
 *     <VectorIndexProvider
 *       name={`test-${crypto.randomUUID()}`}
 *       storage="memory"
 *       embedder={hashEmbedder()}
 *       createWorker={createTestWorker}
 *     >
 *       {children}
 *     </VectorIndexProvider>
 *   );
 * }
 * ```
 */
export function createTestWorker(): Worker {
  return createInProcessWorker({
    // Without an engine every vector is compared, in JavaScript.
    startEngine: () => Promise.resolve(null),
    createDriver: () => createMemoryDriver(),
  });
}

/** What a test may choose of its index. */
export type TestVectorIndexOptions = Partial<
  Pick<VectorIndexOptions, 'name' | 'embedder' | 'dimensions' | 'metric'>
>;

let count = 0;

/**
 * An index for tests in jsdom, happy-dom or Node: the real one but for its worker, which runs in the same
 * thread, its engine, which compares every vector, and its storage, which is memory. Each has a name of
 * its own, and is empty.
 *
 * @example
 * ```tsx
 * import { VectorIndexProvider } from '@akin/react';
 * import { SemanticSearchBox } from '@akin/react/components';
 * import { createTestVectorIndex } from '@akin/react/testing';
 * import { render } from '@testing-library/react';
 *
 * const index = createTestVectorIndex();
 * await index.insert({ id: 'a', text: 'Whales are mammals.' });
 * render(
 *   <VectorIndexProvider index={index}>
 *     <SemanticSearchBox />
 *   </VectorIndexProvider>,
 * );
 * ```
 */
export function createTestVectorIndex<M extends Metadata = Metadata>(
  options: TestVectorIndexOptions = {},
): VectorIndex<M> {
  const isEmbedded = options.embedder === undefined && options.dimensions === undefined;
  return createVectorIndex<M>({
    name: `test-${++count}`,
    ...(isEmbedded ? { embedder: hashEmbedder() } : {}),
    ...options,
    storage: 'memory',
    createWorker: createTestWorker,
  });
}
