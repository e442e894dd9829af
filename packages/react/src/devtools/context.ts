'use client';

import { createContext, useContext } from 'react';
import { VectorIndexError } from '../core/errors.ts';
import type { VectorIndex } from '../core/types.ts';
import type { DevtoolsLabels } from './labels.ts';
import type { Recorder } from './recorder.ts';

export interface DevtoolsContextValue {
  readonly index: VectorIndex;
  readonly recorder: Recorder;
  readonly labels: DevtoolsLabels;
}

export const DevtoolsContext = /* @__PURE__ */ createContext<DevtoolsContextValue | null>(null);

/** What all parts of the panel are about. */
export function useDevtools(): DevtoolsContextValue {
  const value = useContext(DevtoolsContext);
  if (value !== null) return value;
  throw new VectorIndexError(
    'invalid-input',
    'A part of the devtools is outside of them.',
    'Render it inside <VectorIndexDevtools>.',
  );
}
