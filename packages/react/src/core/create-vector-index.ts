import { createClient } from './client.ts';
import type { VectorIndexClient } from './client.ts';
import { systemClock, systemLifecycle, systemMarkers } from './ports.ts';
import { engineWasm } from './engine-wasm.ts';
import { spawnIndexWorker } from './spawn.ts';
import { DEFAULT_TIMING } from './supervisor-timing.ts';
import type { Metadata, VectorIndex, VectorIndexOptions } from './types.ts';

/**
 * An index of your own. Nothing happens until it is used, so it can be made anywhere, on a
 * server too. In React the provider makes one for you, and stops its worker when nobody
 * uses it.
 *
 * @throws VectorIndexError `invalid-input` or `dimension-mismatch`, for the options
 *
 * @example
 * ```ts
 * import { createVectorIndex } from '@akin/react/core';
 * import { minilm } from '@akin/minilm';
 *
 * const index = createVectorIndex({ name: 'notes', embedder: minilm() });
 * await index.insert({ id: 'a', text: 'Whales are mammals.' });
 * const { hits } = await index.search('animals of the sea');
 * ```
 */
export function createVectorIndex<M extends Metadata = Metadata>(
  options: VectorIndexOptions,
): VectorIndex<M> {
  return createBrowserClient<M>(options);
}

export function createBrowserClient<M extends Metadata = Metadata>(
  options: VectorIndexOptions,
): VectorIndexClient<M> {
  return createClient<M>(options, {
    clock: systemClock,
    lifecycle: systemLifecycle,
    markers: systemMarkers,
    spawn: options.createWorker ?? spawnIndexWorker,
    // What an app does to start a worker is not done twice.
    ...(options.createWorker ? {} : { whyNotLoaded }),
    wasm: () => engineWasm(options),
    timing: DEFAULT_TIMING,
  });
}

/** Loaded when it is asked, which hardly any app has to. */
async function whyNotLoaded(): Promise<string | undefined> {
  const script = await import('./worker-script.ts');
  return script.whyNotLoaded(spawnIndexWorker);
}
