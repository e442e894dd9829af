'use client';

import type { QueryClient } from '@tanstack/react-query';
import { createContext } from 'react';
import type { VectorIndex } from '../core/index.ts';

export interface VectorIndexContextValue {
  readonly index: VectorIndex;
  readonly queryClient: QueryClient;
}

export const VectorIndexContext = createContext<VectorIndexContextValue | null>(null);
