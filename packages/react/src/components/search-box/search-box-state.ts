import type { VectorIndexError } from '../../core/errors.ts';

/**
 * What the search box is doing, as `data-state`.
 *
 * - `idle`: nothing asked
 * - `composing`: an input method is composing, nothing is asked until it is done
 * - `opening`: asked, but the index or its model is still being opened
 * - `searching`: asked, nothing to show yet
 * - `stale`: the results on screen answer an earlier text; they cannot be opened
 * - `results`, `empty`: the answer to what the field holds
 * - `error`: the search failed; it can be tried again
 * - `unsupported`: this browser cannot search
 */
export type SearchBoxState =
  | 'idle'
  | 'composing'
  | 'opening'
  | 'searching'
  | 'stale'
  | 'results'
  | 'empty'
  | 'error'
  | 'unsupported';

export interface SearchBoxSituation {
  readonly isAsking: boolean;
  readonly isComposing: boolean;
  readonly isOpening: boolean;
  /** The error to show, if any. */
  readonly error: VectorIndexError | null;
  /** Hits on screen, or `null` when there was no answer yet. */
  readonly hitCount: number | null;
  /** Whether those hits answer what the field holds. */
  readonly isCurrent: boolean;
}

export function searchBoxState(situation: SearchBoxSituation): SearchBoxState {
  const { isAsking, isComposing, isOpening, error, hitCount, isCurrent } = situation;
  if (isComposing) return 'composing';
  if (!isAsking) return 'idle';
  if (error !== null) return error.code === 'unsupported' ? 'unsupported' : 'error';
  if (hitCount === null) return isOpening ? 'opening' : 'searching';
  if (!isCurrent) return 'stale';
  return hitCount === 0 ? 'empty' : 'results';
}
