'use client';

import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { VectorIndexError } from '../core/errors.ts';
import type { VectorIndex } from '../core/types.ts';
import { VectorIndexContext } from '../react/context.ts';
import { DevtoolsContext } from './context.ts';
import { GraphIcon } from './icon.tsx';
import { englishDevtoolsLabels, type DevtoolsLabels } from './labels.ts';
import { Panel } from './panel.tsx';
import { problemsOf } from './problems.ts';
import { useRecorder } from './use-recorder.ts';
import { useStatus } from './use-status.ts';

/** The corner of the window in which they are. */
export type DevtoolsPosition = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';

/** What {@link VectorIndexDevtools} takes. */
export interface VectorIndexDevtoolsProps {
  /** Default: that of the nearest `<VectorIndexProvider>`. */
  readonly index?: VectorIndex | undefined;
  /** Default false. */
  readonly initialIsOpen?: boolean | undefined;
  /** Default `bottom-right`. */
  readonly position?: DevtoolsPosition | undefined;
  readonly labels?: Partial<DevtoolsLabels> | undefined;
}

/**
 * The devtools, in development and production alike: see `@akin/react/devtools`.
 *
 * @throws VectorIndexError `invalid-input` without an index, given or from a provider above.
 */
export function VectorIndexDevtools({
  index: given,
  initialIsOpen = false,
  position = 'bottom-right',
  labels: words,
}: VectorIndexDevtoolsProps): ReactElement {
  const context = useContext(VectorIndexContext);
  const index = given ?? context?.index;
  if (index === undefined) throw missingIndex();

  const labels = useMemo(() => ({ ...englishDevtoolsLabels, ...words }), [words]);
  const recorder = useRecorder(index);
  const value = useMemo(() => ({ index, recorder, labels }), [index, recorder, labels]);
  const [isOpen, setIsOpen] = useState(initialIsOpen);
  /** By hand: then the focus goes where the reader looks. */
  const [wasToggled, setWasToggled] = useState(false);
  // Trouble is seen while the panel is closed.
  const problem = useStatus(index, (status) => {
    const [first] = problemsOf(status);
    return first === undefined ? null : labels.problem(first, status);
  });
  const toggleRef = useRef<HTMLButtonElement>(null);
  const toggle = useCallback((next: boolean) => {
    setWasToggled(true);
    setIsOpen(next);
  }, []);
  const close = useCallback(() => toggle(false), [toggle]);

  useEffect(() => {
    if (!isOpen && wasToggled) toggleRef.current?.focus({ preventScroll: true });
  }, [isOpen, wasToggled]);

  return (
    <DevtoolsContext.Provider value={value}>
      <div className="akin-devtools" data-position={position}>
        {isOpen ? (
          <Panel takesFocus={wasToggled} onClose={close} />
        ) : (
          <button
            ref={toggleRef}
            type="button"
            className="akin-devtools-toggle"
            aria-label={problem === null ? labels.open : `${labels.open}: ${problem}`}
            aria-expanded={false}
            onClick={() => toggle(true)}
          >
            <GraphIcon />
            {problem === null ? null : <span className="akin-devtools-mark" title={problem} />}
          </button>
        )}
      </div>
    </DevtoolsContext.Provider>
  );
}

function missingIndex(): VectorIndexError {
  return new VectorIndexError(
    'invalid-input',
    'VectorIndexDevtools was rendered outside <VectorIndexProvider>, without an index.',
    'Render it below <VectorIndexProvider>, or pass `index`.',
  );
}
