'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { VectorIndexError } from '../../core/errors.ts';
import type {
  Metadata,
  SearchHit,
  SearchParams,
  SearchResult,
  VectorIndex,
} from '../../core/types.ts';
import { useSimilar } from '../../react/use-similar.ts';
import { useVectorIndexContext } from '../../react/use-vector-index.ts';
import { useVectorIndexStatus } from '../../react/use-vector-index-status.ts';
import { useAnnouncement } from '../state/use-announcement.ts';
import { useControllableValue } from '../state/use-controllable-value.ts';
import { useDelayed } from '../state/use-delayed.ts';
import { englishLabels, type SemanticSearchBoxLabels } from './labels.ts';
import { searchBoxState, type SearchBoxState } from './search-box-state.ts';
import { useAskedText } from './use-asked-text.ts';
import { useComposition, type CompositionProps } from './use-composition.ts';

/** A query that answers sooner shows no sign of running. */
const slowAfterMs = 150;
/** Old results keep their full strength this long. */
const dimAfterMs = 300;
/** A failure stays on screen while a new attempt opens the index or the model, at most this long. */
const holdFailureMs = 400;

const defaultDebounceMs = 80;

/** What changed the text of the field. */
export type ValueChangeReason = 'input' | 'clear' | 'escape' | 'suggestion';

/** What {@link useSemanticSearchBox} takes. */
export interface UseSemanticSearchBoxOptions<
  M extends Metadata = Metadata,
> extends SearchParams<M> {
  /** The field's text, when the app owns it. */
  readonly value?: string | undefined;
  /** Its text at first, when the box owns it. Default: none. */
  readonly defaultValue?: string | undefined;
  /** After each change, typed or not. */
  readonly onValueChange?:
    ((value: string, details: { readonly reason: ValueChangeReason }) => void) | undefined;
  /** How many milliseconds typing must pause before the index is asked. Default 80. */
  readonly debounceMs?: number | undefined;
  /** Text with fewer characters asks nothing, blanks at its ends not counted. Default 1. */
  readonly minLength?: number | undefined;
  /** Words for the announcement; default English. */
  readonly labels?: Partial<SemanticSearchBoxLabels> | undefined;
  /** Default: the provider's. */
  readonly index?: VectorIndex<M> | undefined;
}

/** A search box without its looks: what to show, and what to call. */
export interface SemanticSearchBoxModel<M extends Metadata = Metadata> {
  /** What it is at. */
  readonly state: SearchBoxState;
  /** The field's text. */
  readonly value: string;
  /** Changes it. `reason` is what `onValueChange` gets, default `input`. */
  readonly setValue: (value: string, reason?: ValueChangeReason) => void;
  /** TanStack Query's result object itself. */
  readonly query: UseQueryResult<SearchResult<M>, VectorIndexError>;
  /** What to list. Of an earlier text while `state` is `stale`; empty as soon as the field is. */
  readonly hits: readonly SearchHit<M>[];
  /** The text that `hits` answer. */
  readonly answeredText: string;
  /** What to show instead of hits in the states `error` and `unsupported`. */
  readonly error: VectorIndexError | null;
  /** Whether a hit may be opened: false while `hits` answer anything but what the field holds. */
  readonly canActivate: boolean;
  /** A query has been running long enough that it should show. */
  readonly isSlow: boolean;
  /** The hits have been stale long enough that it should show. */
  readonly isDimmed: boolean;
  /** For one polite live region that is always mounted. Empty until results have settled. */
  readonly announcement: string;
  /** For the input, unless it is Base UI's. */
  readonly compositionProps: CompositionProps;
  /** Asks at once, without waiting for typing to pause. */
  readonly askNow: () => void;
  /** Asks again after a failure. */
  readonly retry: () => void;
  /** Whether `minScore` may have hidden hits. `showNearest` then asks again without it. */
  readonly canShowNearest: boolean;
  /** Asks this text again without `minScore`. */
  readonly showNearest: () => void;
  /** What is searched. */
  readonly index: VectorIndex<M>;
}

type Outcome =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'failure'; readonly error: VectorIndexError };

/**
 * The behaviour of a search box without its looks, for those who bring their own combobox.
 * `<SemanticSearchBox>` is built on it.
 *
 * @example
 * ```tsx
 * import { useSemanticSearchBox } from '@akin/react/components';
 *
 * export function Search() {
 *   const box = useSemanticSearchBox({ k: 5 });
 *   return (
 *     <div data-state={box.state}>
 *       <input
 *         value={box.value}
 *         onChange={(event) => box.setValue(event.target.value)}
 *         {...box.compositionProps}
 *       />
 *       {box.hits.map((hit) => (
 *         <button key={hit.id} disabled={!box.canActivate}>
 *           {hit.text}
 *         </button>
 *       ))}
 *       <p role="status">{box.announcement}</p>
 *     </div>
 *   );
 * }
 * ```
 */
export function useSemanticSearchBox<M extends Metadata = Metadata>(
  options: UseSemanticSearchBoxOptions<M>,
): SemanticSearchBoxModel<M> {
  const {
    value: givenValue,
    defaultValue = '',
    onValueChange,
    debounceMs = defaultDebounceMs,
    minLength = 1,
    labels: words,
    ...search
  } = options;
  const { minScore } = search;
  const labels = { ...englishLabels, ...words };
  const given = search.index as unknown as VectorIndex | undefined;
  const { index } = useVectorIndexContext('useSemanticSearchBox', given);

  const [value, setOwnValue] = useControllableValue(givenValue, defaultValue);
  const [isComposing, compositionProps] = useComposition();
  const trimmed = value.trim();
  const text = trimmed.length < minLength ? '' : trimmed;
  const { asked, askNow } = useAskedText(text, { debounceMs, isHeld: isComposing });

  const [nearestFor, setNearestFor] = useState<string | null>(null);
  const isNearest = nearestFor !== null && nearestFor === asked;
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  if (asked === '' && outcome !== null) setOutcome(null);

  const query = useSimilar<M>({
    ...search,
    query: asked,
    minScore: isNearest ? undefined : minScore,
    // Results from before the field was cleared are gone for good.
    keepPrevious: outcome?.kind === 'answer',
  });
  const isAnswered = asked !== '' && query.isSuccess && !query.isPlaceholderData;
  if (isAnswered && !(outcome?.kind === 'answer' && outcome.text === asked)) {
    setOutcome({ kind: 'answer', text: asked });
  }
  if (asked !== '' && query.isError && !isSameFailure(outcome, query.error)) {
    setOutcome({ kind: 'failure', error: query.error });
  }

  const indexState = useVectorIndexStatus((status) => status.state, given);
  const isModelLoading = useVectorIndexStatus(
    (status) => status.embedder?.state === 'loading',
    given,
  );
  const isPending = asked !== '' && query.isPending;
  const isOpening = isPending && (indexState !== 'ready' || isModelLoading);
  const isOpeningLong = useDelayed(isOpening, holdFailureMs);
  const error = shownFailure(query, outcome, isOpeningLong);

  const isCurrent = isAnswered && asked === text;
  const data = asked === '' || error !== null ? undefined : query.data;
  const hits = data?.hits ?? noHits;
  const state = searchBoxState({
    isAsking: text !== '',
    isComposing,
    isOpening,
    error,
    hitCount: data === undefined ? null : hits.length,
    isCurrent,
  });
  const isWaiting = isPending || (asked !== '' && query.isPlaceholderData);
  const message = settledMessage(state, hits.length, asked, error, labels);

  return {
    state,
    value,
    setValue(next, reason = 'input') {
      setOwnValue(next);
      onValueChange?.(next, { reason });
    },
    query,
    hits,
    answeredText: outcome?.kind === 'answer' ? outcome.text : asked,
    error,
    canActivate: isCurrent && !isComposing && hits.length > 0,
    isSlow: useDelayed(isWaiting, slowAfterMs),
    isDimmed: useDelayed(state === 'stale', dimAfterMs),
    // A retry that fails like the try before it is news.
    announcement: useAnnouncement(message, query.errorUpdateCount),
    compositionProps,
    askNow,
    retry: () => void query.refetch(),
    canShowNearest: state === 'empty' && minScore !== undefined && !isNearest,
    showNearest: () => setNearestFor(asked),
    index: index as unknown as VectorIndex<M>,
  };
}

const noHits: readonly never[] = [];

function isSameFailure(outcome: Outcome | null, error: VectorIndexError): boolean {
  return outcome?.kind === 'failure' && outcome.error === error;
}

/** A failure stays until the next answer: it does not blink while the next letter is tried. */
function shownFailure(
  query: UseQueryResult<unknown, VectorIndexError>,
  outcome: Outcome | null,
  isOpeningLong: boolean,
): VectorIndexError | null {
  if (outcome?.kind !== 'failure') return null;
  if (query.isError) return query.error;
  return query.isPending && !isOpeningLong ? outcome.error : null;
}

function settledMessage(
  state: SearchBoxState,
  hitCount: number,
  asked: string,
  error: VectorIndexError | null,
  labels: SemanticSearchBoxLabels,
): string | null {
  switch (state) {
    case 'idle':
      return '';
    case 'results':
      return labels.announceResults(hitCount, asked);
    case 'empty':
      return labels.empty(asked);
    case 'error':
    case 'unsupported': {
      if (error === null) return null;
      const { title, detail } = labels.failure(error);
      return `${title} ${detail}`;
    }
    case 'composing':
    case 'opening':
    case 'searching':
    case 'stale':
      return null;
  }
}
