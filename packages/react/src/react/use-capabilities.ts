'use client';

import { useSyncExternalStore } from 'react';
import { createCapabilities, type Capabilities } from '../core/capabilities.ts';
import { systemClock } from '../core/ports.ts';
import type { Readable } from '../core/index.ts';

let found: Readable<Capabilities> | null = null;
/** Made when a browser first asks, never on a server. */
const capabilities = () => (found ??= createCapabilities(systemClock));

const subscribe = (listener: () => void) => capabilities().subscribe(listener);
const read = () => capabilities().get();
const readOnServer = () => null;

/**
 * What this browser can do: SIMD, workers, IndexedDB, locks, network, and how much room there is. `null` on
 * a server and in the first render of what came from one. Needs no provider.
 *
 * @example
 * ```tsx
 * import { useCapabilities } from '@akin/react';
 * import { SemanticSearchBox } from '@akin/react/components';
 *
 * export function Search() {
 *   const capabilities = useCapabilities();
 *   if (capabilities?.simd === false) return <p>Search needs a newer browser.</p>;
 *   return <SemanticSearchBox />;
 * }
 * ```
 */
export function useCapabilities(): Capabilities | null {
  return useSyncExternalStore(subscribe, read, readOnServer);
}
