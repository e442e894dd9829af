import { Fragment, StrictMode, type ComponentType, type ReactNode } from 'react';
import { VectorIndexProvider, type VectorIndexOptions } from '../../src/index.ts';

/** Every hook test runs in both: what only works without StrictMode breaks on hot reload. */
export const modes = [
  ['without StrictMode', Fragment],
  ['in StrictMode', StrictMode],
] as const;

export type Mode = (typeof modes)[number][1];

export type Wrapper = ComponentType<{ readonly children: ReactNode }>;

/** For `renderHook`: a provider with these options, which are written inline as apps do. */
export function createWrapper(Mode: Mode, options: VectorIndexOptions): Wrapper {
  return ({ children }) => (
    <Mode>
      <VectorIndexProvider {...options}>{children}</VectorIndexProvider>
    </Mode>
  );
}
