'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import type { ComponentPropsWithoutRef, ReactElement } from 'react';
import { useSearchBox } from './context.ts';

const gapPx = 4;

/** What `<SearchBoxParts.Panel>` takes. */
export interface SearchBoxPanelProps extends ComponentPropsWithoutRef<'div'> {
  /** Where a popup is rendered. Default: the end of `body`. */
  readonly container?: Autocomplete.Portal.Props['container'];
  /** For the element that places the popup. */
  readonly positionerClassName?: string | undefined;
}

/** What stands under the field: in the page with `inline`, else in a popup. */
export function SearchBoxPanel({
  container,
  positionerClassName,
  ...props
}: SearchBoxPanelProps): ReactElement {
  const { box, isInline, direction, theme, panelRef } = useSearchBox('Panel');
  const state = {
    'data-state': box.state,
    'data-dimmed': box.isDimmed ? '' : undefined,
  };
  if (isInline) return <div data-inline="" {...state} {...props} />;
  return (
    <Autocomplete.Portal container={container}>
      <Autocomplete.Positioner
        className={positionerClassName}
        sideOffset={gapPx}
        dir={direction}
        data-theme={theme}
      >
        <Autocomplete.Popup {...state} {...props} ref={panelRef} />
      </Autocomplete.Positioner>
    </Autocomplete.Portal>
  );
}
