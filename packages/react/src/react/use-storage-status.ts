'use client';

import { useCallback, useMemo } from 'react';
import type { StorageStatus, VectorIndex, VectorIndexErrorCode } from '../core/index.ts';
import { useVectorIndexContext } from './use-vector-index.ts';
import { useVectorIndexStatus } from './use-vector-index-status.ts';

/**
 * What a person should know about where their data is, most pressing first:
 *
 * - `upgrade-required`: a newer version of the app wrote the index, or is open in another tab; reload this one
 * - `blocked`: a tab with an old version stands in the way; close or reload it
 * - `unavailable`: the database cannot be used just now
 * - `locked`: it is encrypted, and no key was given or another one; ask for the passphrase
 * - `evicted`: what was stored before is gone, and the index is to be filled again
 * - `full`: no room; what was stored stays, new documents are refused
 * - `ephemeral`: the browser stores nothing here; all is gone with the tab
 */
export type StorageProblem =
  'upgrade-required' | 'blocked' | 'unavailable' | 'locked' | 'evicted' | 'full' | 'ephemeral';

/** What {@link useStorageStatus} tells. */
export interface UseStorageStatusResult extends StorageStatus {
  /** The most pressing one; `null` when all is well. */
  readonly problem: StorageProblem | null;
  /** Asks the browser to keep the data. Some ask the user, so call it on a click. */
  readonly persist: () => Promise<boolean>;
}

/**
 * Where the index is stored and what is wrong with that, to be shown.
 *
 * @param given the index; default: the provider's
 *
 * @example
 * ```tsx
 * import { useStorageStatus } from '@akin/react';
 *
 * export function StorageNote() {
 *   const { problem, persisted, persist } = useStorageStatus();
 *   if (problem === 'full') return <p>There is no room left on this device.</p>;
 *   return persisted === false ? (
 *     <button onClick={() => void persist()}>Keep my notes on this device</button>
 *   ) : null;
 * }
 * ```
 */
export function useStorageStatus(given?: VectorIndex): UseStorageStatusResult {
  const { index } = useVectorIndexContext('useStorageStatus', given);
  const storage = useVectorIndexStatus((status) => status.storage, index);
  const code = useVectorIndexStatus((status) => status.error?.code ?? null, index);
  const persist = useCallback(() => index.persist(), [index]);
  return useMemo(
    () => ({ ...storage, problem: problemOf(storage, code), persist }),
    [storage, code, persist],
  );
}

const PROBLEMS: Partial<Record<VectorIndexErrorCode, StorageProblem>> = {
  'upgrade-required': 'upgrade-required',
  blocked: 'blocked',
  'storage-unavailable': 'unavailable',
  'wrong-key': 'locked',
  'key-required': 'locked',
  'storage-lost': 'evicted',
  'quota-exceeded': 'full',
};

function problemOf(
  { kind, ephemeral, full, evicted }: StorageStatus,
  code: VectorIndexErrorCode | null,
): StorageProblem | null {
  const told = code && PROBLEMS[code];
  if (told) return told;
  if (evicted) return 'evicted';
  if (full) return 'full';
  // Asked for, it is no problem.
  return ephemeral && kind === 'indexeddb' ? 'ephemeral' : null;
}
