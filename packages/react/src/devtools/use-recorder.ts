'use client';

import { useCallback, useEffect, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import type { VectorIndex } from '../core/types.ts';
import { createRecorder, type Recorder, type Recording } from './recorder.ts';

/** Ahead of the effects in which the app's own queries begin; React 18 complains of it on a server. */
const useFirstEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** Records for as long as the component is there, whether anybody looks or not. */
export function useRecorder(index: VectorIndex): Recorder {
  const recorder = useMemo(() => createRecorder(index), [index]);
  useFirstEffect(() => recorder.start(), [recorder]);
  return recorder;
}

export function useRecording(recorder: Recorder): Recording {
  const subscribe = useCallback((listener: () => void) => recorder.subscribe(listener), [recorder]);
  const read = () => recorder.get();
  return useSyncExternalStore(subscribe, read, read);
}
