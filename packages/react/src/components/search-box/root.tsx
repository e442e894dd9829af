'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { useMemo, useRef, useState, type ComponentPropsWithoutRef, type ReactElement } from 'react';
import type { Metadata, SearchHit, VectorIndex } from '../../core/types.ts';
import { bandOfCosine, type ScoreBand } from '../score/band.ts';
import { LiveRegion } from '../state/live-region.tsx';
import { useDelayed } from '../state/use-delayed.ts';
import { SearchBoxContext } from './context.ts';
import { nameDismissButtons } from './dismiss-buttons.ts';
import { groupHits } from './group-hits.ts';
import { nextHighlight, type Highlight, type ListEntry } from './highlight.ts';
import { englishLabels, type SemanticSearchBoxLabels } from './labels.ts';
import { useFocusShortcut } from './shortcut.ts';
import { followTabOrder } from './tab-order.ts';
import {
  useSemanticSearchBox,
  type SemanticSearchBoxModel,
  type UseSemanticSearchBoxOptions,
  type ValueChangeReason,
} from './use-semantic-search-box.ts';

/** How a hit was chosen. */
export interface SelectDetails {
  /** The text that the hit answers. */
  readonly query: string;
  /** The click or key press. With `metaKey` or `ctrlKey` it asks to open the hit beside. */
  readonly event: MouseEvent | KeyboardEvent;
}

type ElementProps = Omit<
  ComponentPropsWithoutRef<'div'>,
  'defaultValue' | 'dir' | 'onSelect' | keyof UseSemanticSearchBoxOptions
>;

/**
 * What the root of a search box takes: what to search, how it behaves, and attributes of a `div`.
 */
export interface SearchBoxRootProps<M extends Metadata = Metadata>
  extends UseSemanticSearchBoxOptions<M>, ElementProps {
  /** Words in place of the English ones. */
  readonly labels?: Partial<SemanticSearchBoxLabels> | undefined;
  /** A hit was chosen, with a click or Enter. */
  readonly onSelect?: ((hit: SearchHit<M>, details: SelectDetails) => void) | undefined;
  /** The list stands under the field instead of in a popup. Default false. */
  readonly inline?: boolean | undefined;
  /** What could be asked, shown while the field is empty. Choosing one fills the field. Default: nothing. */
  readonly suggestions?: readonly string[] | undefined;
  /** Puts hits that give the same name under one heading. Default: no headings. */
  readonly getHitGroup?: ((hit: SearchHit<M>) => string) | undefined;
  /** `null` shows no band. Default: by `cosineBands`, for the cosine metric. */
  readonly getBand?: ((hit: SearchHit<M>) => ScoreBand | null) | undefined;
  /** Whether the best hit is highlighted while typing, so that Enter opens it. Default true. */
  readonly autoHighlight?: boolean | undefined;
  /** A key that focuses the field: `mod+k` (⌘ on a Mac, else Ctrl), `mod+shift+k`, `/`. Default: none. */
  readonly shortcut?: string | undefined;
  /** Whether focusing the field starts the index and its model. Default true. */
  readonly preload?: boolean | undefined;
  /** For the arrow keys and the popup, which is elsewhere in the page. Default: from left to right. */
  readonly dir?: 'ltr' | 'rtl' | undefined;
}

/**
 * Holds the search box together: behaviour, the combobox and the live region.
 *
 * @example
 * ```tsx
 * import { SearchBoxParts } from '@akin/react/components';
 *
 * export function Search() {
 *   return (
 *     <SearchBoxParts.Root onSelect={(hit) => location.assign(`/notes/${hit.id}`)} shortcut="mod+k">
 *       <SearchBoxParts.Field>
 *         <SearchBoxParts.Input />
 *         <SearchBoxParts.Shortcut />
 *         <SearchBoxParts.Clear>×</SearchBoxParts.Clear>
 *         <SearchBoxParts.Activity />
 *       </SearchBoxParts.Field>
 *       <SearchBoxParts.Panel>
 *         <SearchBoxParts.Failure>
 *           <SearchBoxParts.FailureTitle />
 *           <SearchBoxParts.FailureDetail />
 *           <SearchBoxParts.Retry />
 *         </SearchBoxParts.Failure>
 *         <SearchBoxParts.Empty>
 *           <SearchBoxParts.Searched />
 *           <SearchBoxParts.ShowNearest />
 *         </SearchBoxParts.Empty>
 *         <SearchBoxParts.List
 *           renderSuggestion={(text) => <SearchBoxParts.Suggestion key={text} suggestion={text} />}
 *           renderGroupLabel={({ value }) => (
 *             <SearchBoxParts.GroupLabel>{value}</SearchBoxParts.GroupLabel>
 *           )}
 *         >
 *           {(hit) => <SearchBoxParts.Item hit={hit}>{hit.text}</SearchBoxParts.Item>}
 *         </SearchBoxParts.List>
 *         <SearchBoxParts.Progress />
 *       </SearchBoxParts.Panel>
 *     </SearchBoxParts.Root>
 *   );
 * }
 * ```
 */
export function SearchBoxRoot<M extends Metadata = Metadata>({
  value,
  defaultValue,
  onValueChange,
  debounceMs,
  minLength,
  labels: words,
  index,
  k,
  namespace,
  filter,
  minScore,
  diversity,
  efSearch,
  exact,
  explain,
  onSelect,
  inline = false,
  suggestions = noSuggestions,
  getHitGroup,
  getBand,
  autoHighlight = true,
  shortcut,
  preload = true,
  dir,
  children,
  onFocus,
  onBlur,
  onKeyDown,
  ...elementProps
}: SearchBoxRootProps<M>): ReactElement {
  const labels = useMemo(() => ({ ...englishLabels, ...words }), [words]);
  const search = { index, k, namespace, filter, minScore, diversity, efSearch, exact, explain };
  const field = { value, defaultValue, onValueChange, debounceMs, minLength };
  const typedBox = useSemanticSearchBox<M>({ ...field, ...search, labels });
  // Contexts have no type parameter: from here to the callbacks a hit is any hit.
  const box = typedBox as unknown as SemanticSearchBoxModel;
  const groupOf = getHitGroup as ((hit: SearchHit) => string) | undefined;

  const [isOpen, setIsOpen] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  const [theme, setTheme] = useState<string | undefined>();
  const rootRef = useRef<HTMLDivElement>(null);
  const inputRef = useRef<HTMLInputElement>(null);
  const panelRef = useRef<HTMLDivElement>(null);
  const highlightRef = useRef<Highlight | null>(null);
  useFocusShortcut(shortcut, inputRef);

  const isIdle = box.state === 'idle';
  // A moment after the field was cleared: the list is empty in between, and so Base UI lets go of
  // the highlight, which would fall on a suggestion that nobody pointed at.
  const isOffering = useDelayed(isIdle, 0, true);
  const groups = useMemo(
    () => (groupOf === undefined || isIdle ? null : groupHits(box.hits, groupOf)),
    [box.hits, groupOf, isIdle],
  );
  const offered = isOffering ? suggestions : noSuggestions;
  const entries: readonly ListEntry[] = isIdle ? offered : box.hits;
  const hasPanel = isIdle ? suggestions.length > 0 : box.state !== 'searching';
  const isPanelOpen = inline || (isOpen && hasPanel);

  const changeValue = (next: string, reason: ValueChangeReason) => {
    box.setValue(next, reason);
    if (next === '' && suggestions.length === 0) setIsOpen(false);
  };

  const element = (
    <SearchBoxContext.Provider
      value={{
        box,
        labels,
        isInline: inline,
        isNamespaced: namespace !== undefined,
        direction: dir,
        theme,
        suggestions: offered,
        groups,
        shortcut,
        inputRef,
        panelRef,
        highlightRef,
        changeValue,
        bandOf: (hit) => {
          if (getBand !== undefined) return getBand(hit as SearchHit<M>);
          return box.index.metric === 'cosine' ? bandOfCosine(hit.score) : null;
        },
        activate: (hit, event) => {
          if (box.canActivate) onSelect?.(hit as SearchHit<M>, { query: box.answeredText, event });
        },
      }}
    >
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of its parts bubble to it */}
      <div
        {...elementProps}
        ref={rootRef}
        dir={dir}
        data-state={box.state}
        data-slow={box.isSlow ? '' : undefined}
        data-dimmed={box.isDimmed ? '' : undefined}
        onFocus={(event) => {
          onFocus?.(event);
          setHasFocus(true);
          if (preload) warmUp(box.index);
        }}
        onBlur={(event) => {
          onBlur?.(event);
          // Results that arrive after the person has left must not open a popup.
          const isLeaving = rootRef.current?.contains(event.relatedTarget) !== true;
          if (isLeaving) setHasFocus(false);
          if (isLeaving && !isPanelOpen) setIsOpen(false);
        }}
        onKeyDown={(event) => {
          onKeyDown?.(event);
          if (isPanelOpen) followTabOrder(event, inputRef.current, panelRef.current);
        }}
      >
        <Autocomplete.Root<ListEntry>
          // Base UI takes groups as well; its overloads cannot say "one or the other".
          items={(groups ?? entries) as readonly ListEntry[]}
          value={box.value}
          onValueChange={(next, details) => {
            // Base UI would fill the field with the chosen hit.
            if (details.reason === 'item-press') details.cancel();
            else changeValue(next, details.reason === 'clear-press' ? 'clear' : 'input');
          }}
          open={isPanelOpen}
          onOpenChange={(next) => {
            const themed = rootRef.current?.closest<HTMLElement>('[data-theme]');
            // What holds for the whole page reaches the popup by itself, with the app's own colours.
            setTheme(themed?.contains(document.body) ? undefined : themed?.dataset['theme']);
            setIsOpen(next);
            // Else it would be lost with what closes.
            if (!next && panelRef.current?.contains(document.activeElement) === true) {
              inputRef.current?.focus();
            }
          }}
          onOpenChangeComplete={(isNowOpen) => {
            if (isNowOpen) nameDismissButtons(labels.dismiss, inputRef.current, panelRef.current);
          }}
          onItemHighlighted={(entry, { reason }) => {
            highlightRef.current =
              entry === undefined
                ? null
                : nextHighlight(highlightRef.current, entry, reason, box.answeredText);
          }}
          inline={inline}
          openOnInputClick={!isIdle || suggestions.length > 0}
          filter={null}
          // Asked for once, Base UI highlights the first of what is in the list just then: suggestions that leave,
          // while results are on their way.
          autoHighlight={autoHighlight && hasFocus && !isIdle ? 'always' : autoHighlight}
          itemToStringValue={(entry) => (typeof entry === 'string' ? entry : entry.id)}
        >
          {children}
        </Autocomplete.Root>
        <LiveRegion text={box.announcement} />
      </div>
    </SearchBoxContext.Provider>
  );
  return dir === undefined ? (
    element
  ) : (
    <DirectionProvider direction={dir}>{element}</DirectionProvider>
  );
}

const noSuggestions: readonly string[] = [];

/** The field has focus, so a query is likely. A failure shows when something is asked. */
function warmUp(index: VectorIndex): void {
  const untilAsked = () => undefined;
  index.ready().catch(untilAsked);
  index.embedder?.load?.().catch(untilAsked);
}
