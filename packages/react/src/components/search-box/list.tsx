'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import {
  forwardRef,
  type ForwardedRef,
  type MouseEvent as ReactMouseEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { SearchHit } from '../../core/types.ts';
import { useSearchBox, type HitGroup } from './context.ts';

export interface SearchBoxListProps extends Omit<Autocomplete.List.Props, 'children'> {
  /** One hit: a `<SearchBoxItem hit={hit}>`. */
  readonly children: (hit: SearchHit) => ReactNode;
  /** One suggestion: a `<SearchBoxSuggestion suggestion={text}>`. */
  readonly renderSuggestion: (suggestion: string) => ReactNode;
  /** The heading of a group. Default: its name. */
  readonly renderGroupLabel?: ((group: HitGroup) => ReactNode) | undefined;
  readonly groupClassName?: string | undefined;
}

/** The listbox: suggestions while nothing is asked, hits after. */
export const SearchBoxList = forwardRef(function SearchBoxList(
  { children, renderSuggestion, renderGroupLabel, groupClassName, ...props }: SearchBoxListProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const { box, labels, suggestions, groups } = useSearchBox('SearchBoxList');
  const isOffering = suggestions.length > 0;
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
          ? box.hits.map(children)
          : groups.map((group) => (
              <Autocomplete.Group key={group.value} className={groupClassName} items={group.items}>
                {renderGroupLabel === undefined ? (
                  <Autocomplete.GroupLabel>{group.value}</Autocomplete.GroupLabel>
                ) : (
                  renderGroupLabel(group)
                )}
                {group.items.map(children)}
              </Autocomplete.Group>
            ))}
    </Autocomplete.List>
  );
});

/** Names a group for screen readers: belongs in `renderGroupLabel`. */
export const SearchBoxGroupLabel = Autocomplete.GroupLabel;

export interface SearchBoxItemProps extends Omit<Autocomplete.Item.Props, 'value'> {
  readonly hit: SearchHit;
}

/** One hit. A click, or Enter while it is highlighted, gives it to `onSelect`. */
export const SearchBoxItem = forwardRef(function SearchBoxItem(
  { hit, ...props }: SearchBoxItemProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const { box, activate } = useSearchBox('SearchBoxItem');
  return (
    <Autocomplete.Item
      value={hit}
      ref={ref}
      {...props}
      onMouseUp={ignoreDragOnto}
      onClick={(event) => {
        if (!box.canActivate) {
          event.preventBaseUIHandler();
          return;
        }
        activate(hit, event.nativeEvent);
      }}
    />
  );
});

export interface SearchBoxSuggestionProps extends Omit<Autocomplete.Item.Props, 'value'> {
  readonly suggestion: string;
}

/** One suggestion. Choosing it fills the field. */
export const SearchBoxSuggestion = forwardRef(function SearchBoxSuggestion(
  { suggestion, children = suggestion, ...props }: SearchBoxSuggestionProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const { box, inputRef, changeValue } = useSearchBox('SearchBoxSuggestion');
  return (
    <Autocomplete.Item
      value={suggestion}
      ref={ref}
      {...props}
      onMouseUp={ignoreDragOnto}
      onClick={(event) => {
        event.preventBaseUIHandler();
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
