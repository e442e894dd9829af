'use client';

import type { ReactElement } from 'react';
import {
  VectorIndexDevtools as Devtools,
  type VectorIndexDevtoolsProps,
} from './vector-index-devtools.tsx';

// Written out, because that is the expression which bundlers replace.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

/**
 * A button that opens a panel on an index: what it holds, how fast it answers, what was asked of it, and how much
 * of the exact answer its graph finds. Import `@akin/react/devtools.css` once.
 *
 * Where `process.env.NODE_ENV` is `'production'` it renders nothing, and bundlers leave the rest out; who wants it
 * there imports it from `@akin/react/devtools/production`.
 *
 * @example
 * ```tsx
 * import type { ReactNode } from 'react';
 * import { VectorIndexProvider } from '@akin/react';
 * import { VectorIndexDevtools } from '@akin/react/devtools';
 * import '@akin/react/devtools.css';
 *
 * export function Notes({ children }: { children: ReactNode }) {
 *   return (
 *     <VectorIndexProvider name="notes" dimensions={384}>
 *       {children}
 *       <VectorIndexDevtools />
 *     </VectorIndexProvider>
 *   );
 * }
 * ```
 */
export const VectorIndexDevtools: (props: VectorIndexDevtoolsProps) => ReactElement | null =
  process.env.NODE_ENV === 'production' ? () => null : Devtools;

export type { DevtoolsLabels, DevtoolsProblem } from './labels.ts';
export type { Latency } from './latency.ts';
export type { ProbeEffort, ProbeReport } from './probe.ts';
export type { DevtoolsPosition, VectorIndexDevtoolsProps } from './vector-index-devtools.tsx';
