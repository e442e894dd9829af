import type { CallListener } from './call-feed.ts';
import type { DocumentId, VectorIndex } from './types.ts';

/**
 * What developer tools see of an index beyond what apps do. No part of the API: it may change with any
 * version.
 */
export interface Inspectable {
  /** Tells of calls from now on, each after it settled. Returns what unsubscribes. */
  observe(listener: CallListener): () => void;
  /**
   * Ids of documents of a namespace, one for each share (0 to 1) of the way through it, in an order
   * that means nothing: random shares give random documents. Each is given once.
   */
  pick(namespace: string, shares: readonly number[]): Promise<readonly DocumentId[]>;
}

/** `null` for what only looks like an index. */
export function inspectable(index: VectorIndex): Inspectable | null {
  return 'observe' in index && 'pick' in index ? (index as VectorIndex & Inspectable) : null;
}
