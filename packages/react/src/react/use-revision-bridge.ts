'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { VectorIndex } from '../core/index.ts';
import { retainRevisionBridge } from './revision-bridge.ts';

/** Has what is cached of an index follow it for as long as the component is there. */
export function useRevisionBridge(
  index: VectorIndex,
  queryClient: QueryClient,
  isLive: boolean,
): void {
  useEffect(
    () => (isLive ? retainRevisionBridge(index, queryClient) : undefined),
    [isLive, index, queryClient],
  );
}
