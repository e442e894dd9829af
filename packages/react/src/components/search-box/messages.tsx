'use client';

import { useRender } from '@base-ui/react/use-render';
import {
  forwardRef,
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  type MouseEvent,
  type ReactElement,
} from 'react';
import { useVectorIndexStatus } from '../../react/use-vector-index-status.ts';
import { isHandled } from '../state/is-handled.ts';
import { useSearchBox } from './context.ts';

// None of these is a live region: the one in <Root> says the same once it has settled.

/** Its children while the search found nothing. */
export function SearchBoxEmpty(props: ComponentPropsWithoutRef<'div'>): ReactElement | null {
  const { box } = useSearchBox('Empty');
  const isEmpty = box.state === 'empty' || (box.state === 'stale' && box.hits.length === 0);
  return isEmpty ? <div {...props} /> : null;
}

/** What was searched, in words. */
export function SearchBoxSearched(props: ComponentPropsWithoutRef<'p'>): ReactElement {
  const { box, labels } = useSearchBox('Searched');
  // Not what was searched: a filter or a namespace may hold nothing of an index that holds a lot.
  const isBare = useVectorIndexStatus(
    ({ documentCount, insert }) => documentCount === 0 && insert === null,
    box.index,
  );
  const searched = box.query.data?.searched ?? 0;
  return <p {...props}>{isBare ? labels.nothingStored : labels.searched(searched)}</p>;
}

/** Asks again without `minScore`. Not rendered when that would change nothing. */
export const SearchBoxShowNearest = forwardRef(function SearchBoxShowNearest(
  { render, ...props }: useRender.ComponentProps<'button'>,
  ref: ForwardedRef<HTMLButtonElement>,
): ReactElement | null {
  const { box, labels, inputRef } = useSearchBox('ShowNearest');
  return useRender({
    defaultTagName: 'button',
    enabled: box.canShowNearest,
    ...(render === undefined ? {} : { render }),
    ref,
    props: {
      type: 'button',
      children: labels.showNearest,
      ...props,
      onClick: (event: MouseEvent<HTMLButtonElement>) => {
        if (isHandled(props.onClick, event)) return;
        box.showNearest();
        inputRef.current?.focus();
      },
    },
  });
});

/** Its children while the search has failed, in the place of the results. */
export function SearchBoxFailure(props: ComponentPropsWithoutRef<'div'>): ReactElement | null {
  const { box } = useSearchBox('Failure');
  if (box.error === null || box.state === 'idle') return null;
  return <div data-code={box.error.code} {...props} />;
}

/** What happened, in words. */
export function SearchBoxFailureTitle(props: ComponentPropsWithoutRef<'p'>): ReactElement | null {
  const { box, labels } = useSearchBox('FailureTitle');
  return box.error === null ? null : <p {...props}>{labels.failure(box.error).title}</p>;
}

/** What still works and what to do, in words. */
export function SearchBoxFailureDetail(props: ComponentPropsWithoutRef<'p'>): ReactElement | null {
  const { box, labels } = useSearchBox('FailureDetail');
  return box.error === null ? null : <p {...props}>{labels.failure(box.error).detail}</p>;
}

/** Searches again. Not rendered where that cannot help. */
export const SearchBoxRetry = forwardRef(function SearchBoxRetry(
  { render, ...props }: useRender.ComponentProps<'button'>,
  ref: ForwardedRef<HTMLButtonElement>,
): ReactElement | null {
  const { box, labels, inputRef } = useSearchBox('Retry');
  return useRender({
    defaultTagName: 'button',
    enabled: box.state === 'error',
    ...(render === undefined ? {} : { render }),
    ref,
    props: {
      type: 'button',
      children: labels.retry,
      ...props,
      onClick: (event: MouseEvent<HTMLButtonElement>) => {
        if (isHandled(props.onClick, event)) return;
        box.retry();
        inputRef.current?.focus();
      },
    },
  });
});
