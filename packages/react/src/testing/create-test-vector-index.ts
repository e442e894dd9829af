import { createVectorIndex } from '../core/index.ts';
import type { Metadata, VectorIndex, VectorIndexOptions } from '../core/index.ts';
import { createMemoryDriver } from '../storage/memory-driver.ts';
import { hashEmbedder } from './hash-embedder.ts';
import { createInProcessWorker } from './in-process-worker.ts';

/** `createWorker` of an index that needs neither workers nor WebAssembly nor IndexedDB. */
export function createTestWorker(): Worker {
  return createInProcessWorker({
    // Without an engine every vector is compared, in JavaScript.
    startEngine: () => Promise.resolve(null),
    createDriver: () => createMemoryDriver(),
  });
}

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
 * const index = createTestVectorIndex();
 * await index.insert({ id: 'a', text: 'Whales are mammals.' });
 * render(<VectorIndexProvider index={index}><Search /></VectorIndexProvider>);
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
