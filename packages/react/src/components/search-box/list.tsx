'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import {
  forwardRef,
  Fragment,
  useRef,
  type ForwardedRef,
  type MouseEvent as ReactMouseEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { SearchHit } from '../../core/types.ts';
import { isHandled } from '../state/is-handled.ts';
import { useSearchBox, type HitGroup } from './context.ts';

/** What `<SearchBoxParts.List>` takes. */
export interface SearchBoxListProps extends Omit<Autocomplete.List.Props, 'children'> {
  /** One hit: a `<SearchBoxParts.Item hit={hit}>`. */
  readonly children: (hit: SearchHit) => ReactNode;
  /** One suggestion: a `<SearchBoxParts.Suggestion suggestion={text}>`. */
  readonly renderSuggestion: (suggestion: string) => ReactNode;
  /** The heading of a group. Default: its name. */
  readonly renderGroupLabel?: ((group: HitGroup) => ReactNode) | undefined;
  /** For the element around each group. */
  readonly groupClassName?: string | undefined;
}

/** The listbox: suggestions while nothing is asked, hits after. */
export const SearchBoxList = forwardRef(function SearchBoxList(
  { children, renderSuggestion, renderGroupLabel, groupClassName, ...props }: SearchBoxListProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const { box, labels, suggestions, groups } = useSearchBox('List');
  const isOffering = suggestions.length > 0;
  // By rank, not by id: rows keep their place and take other hits, so nothing moves, and screen
  // readers do not read the first row anew with every letter.
  const atItsRank = (hit: SearchHit, rank: number) => (
    <Fragment key={rank}>{children(hit)}</Fragment>
  );
  return (
    <Autocomplete.List
      aria-label={isOffering ? labels.suggestions : labels.results}
      aria-busy={box.state === 'stale' ? true : undefined}
      {...props}
      ref={ref}
    >
      {isOffering
        ? suggestions.map(renderSuggestion)
        : groups === null
          ? box.hits.map(atItsRank)
          : groups.map((group, rank) => (
              <Autocomplete.Group key={rank} className={groupClassName} items={group.items}>
                {renderGroupLabel === undefined ? (
                  <Autocomplete.GroupLabel>{group.value}</Autocomplete.GroupLabel>
                ) : (
                  renderGroupLabel(group)
                )}
                {group.items.map(atItsRank)}
              </Autocomplete.Group>
            ))}
    </Autocomplete.List>
  );
});

/** Names a group for screen readers: belongs in `renderGroupLabel`. */
export const SearchBoxGroupLabel = Autocomplete.GroupLabel;

/** What `<SearchBoxParts.Item>` takes. */
export interface SearchBoxItemProps extends Omit<Autocomplete.Item.Props, 'value'> {
  /** What is shown, and given to `onSelect`. */
  readonly hit: SearchHit;
}

/** One hit. A click, or Enter while it is highlighted, gives it to `onSelect`. */
export const SearchBoxItem = forwardRef(function SearchBoxItem(
  { hit, ...props }: SearchBoxItemProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const { box, activate } = useSearchBox('Item');
  const pressedRef = useRef<string | null>(null);
  return (
    <Autocomplete.Item
      value={hit}
      ref={ref}
      // Said only once it shows, or every letter would disable and enable the list.
      aria-disabled={box.isDimmed ? true : undefined}
      {...props}
      onMouseUp={(event) => {
        props.onMouseUp?.(event);
        ignoreDragOnto(event);
      }}
      onPointerDown={(event) => {
        props.onPointerDown?.(event);
        pressedRef.current = hit.id;
      }}
      onClick={(event) => {
        // Rows take other hits: what was pressed may not be what is released.
        const wasReplaced = event.detail > 0 && pressedRef.current !== hit.id;
        if (isHandled(props.onClick, event) || !box.canActivate || wasReplaced) {
          event.preventBaseUIHandler();
          return;
        }
        activate(hit, event.nativeEvent);
      }}
    />
  );
});

/** What `<SearchBoxParts.Suggestion>` takes. */
export interface SearchBoxSuggestionProps extends Omit<Autocomplete.Item.Props, 'value'> {
  /** The text that fills the field. Shown too, unless there are children. */
  readonly suggestion: string;
}

/** One suggestion. Choosing it fills the field. */
export const SearchBoxSuggestion = forwardRef(function SearchBoxSuggestion(
  { suggestion, children = suggestion, ...props }: SearchBoxSuggestionProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const { box, inputRef, changeValue } = useSearchBox('Suggestion');
  return (
    <Autocomplete.Item
      value={suggestion}
      ref={ref}
      {...props}
      onMouseUp={(event) => {
        props.onMouseUp?.(event);
        ignoreDragOnto(event);
      }}
      onClick={(event) => {
        event.preventBaseUIHandler();
        if (isHandled(props.onClick, event)) return;
        changeValue(suggestion, 'suggestion');
        box.askNow();
        inputRef.current?.focus();
      }}
    >
      {children}
    </Autocomplete.Item>
  );
});

/** A menu is chosen from by dragging onto it; a search result is text that people also select. */
function ignoreDragOnto(
  event: ReactMouseEvent<HTMLElement> & { preventBaseUIHandler: () => void },
): void {
  event.preventBaseUIHandler();
}
