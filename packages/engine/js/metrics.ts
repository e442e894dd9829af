import type { Metric } from './types.ts';

/** All metrics, by their numbers in the module. */
export const metrics: readonly Metric[] = ['cosine', 'dot', 'l2'];
