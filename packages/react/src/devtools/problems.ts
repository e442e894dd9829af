import type { IndexStatus } from '../core/types.ts';
import type { DevtoolsProblem } from './labels.ts';

/** What is wrong with an index, most pressing first. */
export function problemsOf({ state, degraded, storage }: IndexStatus): DevtoolsProblem[] {
  const { ephemeral, evicted, full, kind } = storage;
  return [
    ...(state === 'error' ? (['error'] as const) : []),
    ...(degraded ? (['degraded'] as const) : []),
    ...(evicted ? (['evicted'] as const) : []),
    ...(full ? (['full'] as const) : []),
    // Asked for, it is no problem.
    ...(ephemeral && kind === 'indexeddb' ? (['ephemeral'] as const) : []),
  ];
}
