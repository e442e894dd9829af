'use client';

import {
  forwardRef,
  useImperativeHandle,
  useRef,
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  type ReactElement,
  type ReactNode,
} from 'react';
import { isHandled } from '../state/is-handled.ts';
import { RowContext, useChatMemoryContext, useRow, type RowContextValue } from './context.ts';
import { useFocusHeir } from './use-focus-heir.ts';

/** Opens and closes the list; its text says how much was remembered. */
export const ChatMemoryToggle = forwardRef(function ChatMemoryToggle(
  { children, ...props }: ComponentPropsWithoutRef<'button'>,
  ref: ForwardedRef<HTMLButtonElement>,
): ReactElement | null {
  const { state, count, labels, isOpen, setIsOpen, listId } = useChatMemoryContext('Toggle');
  if (state !== 'recalled') return null;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? listId : undefined}
      data-akin-toggle=""
      {...props}
      onClick={(event) => {
        if (!isHandled(props.onClick, event)) setIsOpen(!isOpen);
      }}
      ref={ref}
    >
      {children}
      {count === 0 ? labels.nothing : labels.remembered(count)}
    </button>
  );
});

/** What is said instead of the list: nothing was remembered, or memory is being read. */
export function ChatMemoryQuiet(props: ComponentPropsWithoutRef<'p'>): ReactElement | null {
  const { state, labels } = useChatMemoryContext('Quiet');
  if (state !== 'nothing' && state !== 'looking') return null;
  return <p {...props}>{state === 'nothing' ? labels.nothing : labels.looking}</p>;
}

/** Its children while memory could not be read. */
export function ChatMemoryFailure(props: ComponentPropsWithoutRef<'div'>): ReactElement | null {
  const { state } = useChatMemoryContext('Failure');
  return state === 'error' ? <div {...props} /> : null;
}

/** Reads memory again. */
export const ChatMemoryRetry = forwardRef(function ChatMemoryRetry(
  props: ComponentPropsWithoutRef<'button'>,
  ref: ForwardedRef<HTMLButtonElement>,
): ReactElement {
  const { labels, retry } = useChatMemoryContext('Retry');
  const buttonRef = useRef<HTMLButtonElement>(null);
  useImperativeHandle(ref, () => buttonRef.current as HTMLButtonElement);
  useFocusHeir(buttonRef);
  return (
    <button
      type="button"
      {...props}
      ref={buttonRef}
      onClick={(event) => {
        if (!isHandled(props.onClick, event)) retry();
      }}
    >
      {props.children ?? labels.retry}
    </button>
  );
});

/** What `<ChatMemoryParts.List>` takes. */
export interface ChatMemoryListProps extends Omit<ComponentPropsWithoutRef<'ul'>, 'children'> {
  /** The inside of one row. `<ChatMemoryParts.Forget>` in it is for its turn. */
  readonly children: (row: RowContextValue) => ReactNode;
  /** For the `li` of each row, which has the row's `phase` as `data-phase`. */
  readonly itemClassName?: string | undefined;
}

/** What was remembered, best first. Rendered while open. */
export function ChatMemoryList({
  children,
  itemClassName,
  ...props
}: ChatMemoryListProps): ReactElement | null {
  const { rows, isOpen, listId, state } = useChatMemoryContext('List');
  if (!isOpen || state !== 'recalled') return null;
  return (
    <ul {...props} id={listId}>
      {rows.map((row, position) => {
        const value = { ...row, position };
        return (
          <RowContext.Provider key={row.item.id} value={value}>
            <li className={itemClassName} data-phase={row.phase}>
              {children(value)}
            </li>
          </RowContext.Provider>
        );
      })}
    </ul>
  );
}

/** Forgets the turn of its row, then offers to undo that in the same place. */
export function ChatMemoryForget(props: ComponentPropsWithoutRef<'button'>): ReactElement {
  const { labels, forget, undo } = useChatMemoryContext('Forget');
  const { item, phase, position } = useRow('Forget');
  const buttonRef = useRef<HTMLButtonElement>(null);

  useFocusHeir(buttonRef);

  const canUndo = phase === 'forgotten' || phase === 'lost';
  const name = canUndo || phase === 'restoring' ? labels.undo : labels.forget;
  const isBusy = phase === 'forgetting' || phase === 'restoring';
  return (
    <button
      type="button"
      aria-disabled={isBusy || undefined}
      // One button for both, so that the focus stays where it is.
      aria-label={`${name}: ${item.text}`}
      {...props}
      ref={buttonRef}
      onClick={(event) => {
        // The second click of a double click would take back the first.
        if (isHandled(props.onClick, event) || isBusy || event.detail > 1) return;
        if (canUndo) undo(item);
        else forget(item, position);
      }}
    >
      {name}
    </button>
  );
}
