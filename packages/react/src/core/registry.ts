import type { VectorIndexClient } from './client.ts';
import { createBrowserClient } from './create-vector-index.ts';
import { sameEncryption } from './encryption.ts';
import { VectorIndexError } from './errors.ts';
import type { VectorIndexErrorCode } from './errors.ts';
import { checkOptions } from './options.ts';
import { systemClock } from './ports.ts';
import type { Clock } from './ports.ts';
import type { Metadata, VectorIndex, VectorIndexOptions } from './types.ts';

/** How long an index that nobody uses keeps its worker: long enough for a page change. */
export const UNUSED_GRACE_MS = 30_000;

/**
 * One index a name for as long as somebody uses it. Made for React: acquiring while rendering is
 * free of effects, and what StrictMode or hot reload releases is there when it comes back.
 */
export interface Registry {
  acquire<M extends Metadata = Metadata>(options: VectorIndexOptions): VectorIndex<M>;
  /** Keeps an index until the returned function is called. Others than acquired ones are let be. */
  retain(index: VectorIndex): () => void;
}

interface Entry {
  readonly client: VectorIndexClient;
  uses: number;
  cancelGrace: (() => void) | null;
}

export function createRegistry(
  create: (options: VectorIndexOptions) => VectorIndexClient,
  clock: Clock,
  graceMs: number,
): Registry {
  // Weakly, so that an index is one index for as long as anybody has hold of it, used or not.
  const entries = new Map<string, WeakRef<Entry>>();
  const known = new WeakMap<VectorIndex, Entry>();

  const startGrace = (entry: Entry) => {
    entry.cancelGrace?.();
    entry.cancelGrace = clock.after(graceMs, () => {
      entry.cancelGrace = null;
      // An insert outlives the component that began it, and so does what nothing else holds.
      if (entry.client.isBusy || entry.client.holdsOnlyCopy) return startGrace(entry);
      // Not closed: whoever still holds it finds it working.
      void entry.client.suspend();
    });
  };

  return {
    acquire<M extends Metadata>(options: VectorIndexOptions) {
      const found = entries.get(options.name)?.deref();
      if (found && !found.client.isClosed) {
        const difference = differenceOf(found.client, options);
        // The embedder of one that was let go of may be closed.
        if (!difference && !(isLetGo(found) && options.embedder !== found.client.embedder)) {
          if (found.uses === 0) startGrace(found);
          return found.client as unknown as VectorIndex<M>;
        }
        if (difference && !mayReplace(found, options)) throw difference;
        void found.client.suspend();
      }
      const entry: Entry = { client: create(options), uses: 0, cancelGrace: null };
      for (const [name, ref] of entries) if (!ref.deref()) entries.delete(name);
      entries.set(options.name, new WeakRef(entry));
      known.set(entry.client, entry);
      startGrace(entry);
      return entry.client as unknown as VectorIndex<M>;
    },

    retain(index) {
      const entry = known.get(index);
      if (!entry) return () => undefined;
      entry.uses++;
      entry.cancelGrace?.();
      entry.cancelGrace = null;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        if (--entry.uses === 0) startGrace(entry);
      };
    },
  };
}

/**
 * One that was let go of may be anything anew. Until then only another key is another try, unless the index
 * is open with the one that it has and somebody uses it: whether a key is right is known once an index is open.
 */
function mayReplace(entry: Entry, options: VectorIndexOptions): boolean {
  if (isLetGo(entry)) return true;
  const { client, uses } = entry;
  if (sameEncryption(client.encryption, checkOptions(options).encryption)) return false;
  const isIdle = uses === 0 && !client.isBusy && !client.holdsOnlyCopy;
  return isIdle || client.status.get().state !== 'ready';
}

function isLetGo({ client, uses, cancelGrace }: Entry): boolean {
  return uses === 0 && !cancelGrace && !client.isBusy && !client.holdsOnlyCopy;
}

/** One name is one database, so a second opinion of what it holds is a mistake. */
function differenceOf(
  client: VectorIndexClient,
  options: VectorIndexOptions,
): VectorIndexError | null {
  const { dimensions, metric, embedder, storage, durability, encryption } = checkOptions(options);
  const isSame: [string, boolean, VectorIndexErrorCode?][] = [
    ['embedder', embedder?.id === client.embedder?.id, 'embedder-mismatch'],
    ['number of dimensions', dimensions === client.dimensions, 'dimension-mismatch'],
    ['passphrase or key', sameEncryption(encryption, client.encryption)],
    ['metric', metric === client.metric],
    ['storage', storage === client.status.get().storage.kind],
    ['durability', durability === client.durability],
  ];
  const [what, , code = 'invalid-input'] = isSame.find(([, is]) => !is) ?? [];
  if (!what) return null;
  return new VectorIndexError(
    code,
    `An index named "${client.name}" is in use already, with another ${what}.`,
    'Use the same for one name, or another name.',
  );
}

const registry = createRegistry(createBrowserClient, systemClock, UNUSED_GRACE_MS);

/**
 * The index of this name that the page uses already, or a new one.
 *
 * @example
 * ```ts
 * import { acquireVectorIndex } from '@akin/react/core';
 * import { minilm } from '@akin/minilm';
 *
 * // The same index that <VectorIndexProvider name="notes" embedder={…}> gives to its hooks.
 * const index = acquireVectorIndex({ name: 'notes', embedder: minilm() });
 * await index.insert({ id: 'a', text: 'Whales are mammals.' });
 * ```
 */
export function acquireVectorIndex<M extends Metadata = Metadata>(
  options: VectorIndexOptions,
): VectorIndex<M> {
  return registry.acquire<M>(options);
}

/**
 * Keeps an acquired index working until the returned function is called.
 *
 * @example
 * ```ts
 * import { acquireVectorIndex, retainVectorIndex, type VectorIndexOptions } from '@akin/react/core';
 * import { useEffect } from 'react';
 *
 * // What a provider of your own does: the worker stays while anybody uses the index.
 * export function useIndex(options: VectorIndexOptions) {
 *   const index = acquireVectorIndex(options);
 *   useEffect(() => retainVectorIndex(index), [index]);
 *   return index;
 * }
 * ```
 */
export function retainVectorIndex(index: VectorIndex): () => void {
  return registry.retain(index);
}
