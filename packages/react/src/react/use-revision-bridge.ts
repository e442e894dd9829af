'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { VectorIndex } from '../core/index.ts';
import { retainRevisionBridge } from './revision-bridge.ts';

/** Has what is cached of an index, if any is given, follow it for as long as the component is there. */
export function useRevisionBridge(index: VectorIndex | undefined, queryClient: QueryClient): void {
  useEffect(() => index && retainRevisionBridge(index, queryClient), [index, queryClient]);
}
