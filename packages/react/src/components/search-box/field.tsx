'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import {
  forwardRef,
  useCallback,
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { useSearchBox, type SearchBoxContextValue } from './context.ts';
import { isUnnoticed } from './highlight.ts';
import { highlightOption } from './highlight-option.ts';
import { useShortcutText } from './shortcut.ts';

/** The frame around the input and what stands beside it. Popups are anchored to it. */
export const SearchBoxField = Autocomplete.InputGroup;

/** What `<SearchBoxParts.Input>` takes: the props of Base UI's input. */
export type SearchBoxInputProps = Omit<
  Autocomplete.Input.Props,
  'defaultValue' | 'disabled' | 'value'
>;

/** The text field. */
export const SearchBoxInput = forwardRef(function SearchBoxInput(
  { onKeyDown, onCompositionStart, onCompositionEnd, ...props }: SearchBoxInputProps,
  ref: ForwardedRef<HTMLInputElement>,
): ReactElement {
  const context = useSearchBox('Input');
  const { box, labels, isInline, suggestions, inputRef } = context;
  const hasOptions = box.hits.length > 0 || suggestions.length > 0;
  // The same one as long as the app's is: another would be taken off and put on with every letter.
  const attach = useCallback(
    (element: HTMLInputElement | null) => {
      inputRef.current = element;
      if (typeof ref === 'function') return ref(element);
      if (ref !== null) ref.current = element;
      return undefined;
    },
    [inputRef, ref],
  );
  return (
    <Autocomplete.Input
      aria-label={labels.label}
      placeholder={labels.placeholder}
      type="text"
      inputMode="search"
      enterKeyHint="search"
      // An inline list is always there; it is expanded when it holds something.
      {...(isInline ? { 'aria-expanded': hasOptions } : {})}
      {...props}
      ref={attach}
      onKeyDown={(event) => {
        onKeyDown?.(event);
        if (!event.defaultPrevented && handleKey(event, context)) event.preventBaseUIHandler();
      }}
      onCompositionStart={(event) => {
        onCompositionStart?.(event);
        box.compositionProps.onCompositionStart();
      }}
      onCompositionEnd={(event) => {
        onCompositionEnd?.(event);
        box.compositionProps.onCompositionEnd();
      }}
    />
  );
});

/** What the search box does with a key before the combobox does; true when nothing is left. */
function handleKey(
  event: KeyboardEvent<HTMLInputElement>,
  { box, highlightRef, changeValue, activate }: SearchBoxContextValue,
): boolean {
  if (event.nativeEvent.isComposing) return false;
  const highlight = highlightRef.current;

  if (event.key === 'Escape' && box.value !== '') {
    changeValue('', 'escape');
    // A dialog around the box closes on the next one.
    event.stopPropagation();
    return true;
  }
  if (event.key === 'Enter' && highlight === null && box.state !== 'idle' && !box.canActivate) {
    // Base UI would close the popup, and what is on its way would never show.
    if (box.state === 'error') box.retry();
    else box.askNow();
    return true;
  }
  if (event.key === 'Enter' && highlight !== null) {
    const { entry, reason } = highlight;
    if (typeof entry === 'string') return reason === 'none';
    if (!box.canActivate || isUnnoticed(highlight)) {
      event.preventDefault();
      box.askNow();
      return true;
    }
    if (!event.metaKey && !event.ctrlKey) return false;
    event.preventDefault();
    activate(entry, event.nativeEvent);
    return true;
  }
  if ((event.key === 'Home' || event.key === 'End') && highlight !== null && !event.shiftKey) {
    const list = document.getElementById(event.currentTarget.getAttribute('aria-controls') ?? '');
    // Without a list the caret moves, as in every text field.
    if (list === null || highlight.reason === 'none') return false;
    event.preventDefault();
    highlightOption(list, event.key === 'Home' ? 0 : -1);
    return true;
  }
  return false;
}

/** What `<SearchBoxParts.Clear>` takes: the props of Base UI's button. */
export type SearchBoxClearProps = Autocomplete.Clear.Props;

/** Empties the field. Not rendered while the field is empty. */
export const SearchBoxClear = forwardRef(function SearchBoxClear(
  props: SearchBoxClearProps,
  ref: ForwardedRef<HTMLButtonElement>,
): ReactElement {
  const { labels, isInline } = useSearchBox('Clear');
  return (
    <Autocomplete.Clear
      aria-label={labels.clear}
      // An open popup hides the rest of the page from assistive technology: Esc clears there.
      tabIndex={isInline ? 0 : -1}
      {...props}
      ref={ref}
    />
  );
});

/** The key that focuses the field. Not rendered without one, or while the field holds text. */
export function SearchBoxShortcut(props: ComponentPropsWithoutRef<'kbd'>): ReactElement | null {
  const { box, shortcut, labels } = useSearchBox('Shortcut');
  const text = useShortcutText(shortcut, labels.control);
  if (text === null || box.value !== '') return null;
  return (
    <kbd aria-hidden="true" {...props}>
      {text}
    </kbd>
  );
}

/** A line that shows while a query takes long. Always in place, so that nothing moves. */
export function SearchBoxActivity(props: ComponentPropsWithoutRef<'span'>): ReactElement {
  const { box } = useSearchBox('Activity');
  return <span aria-hidden="true" data-active={box.isSlow ? '' : undefined} {...props} />;
}
