import { abortedError, closedError } from '../core/errors.ts';
import type { Replica } from './replica.ts';

/** Distances between two looks at what else is to be done. */
const SLICE_WORK = 20_000;

export interface CompactPorts {
  /** The replica, unless the index was closed or loaded anew. */
  readonly isCurrent: () => boolean;
  readonly isCancelled?: () => boolean;
  readonly onSlice?: () => void;
}

/** Takes removed vectors out of the graph, in slices between which searches are answered. */
export async function compact(replica: Replica, ports: CompactPorts): Promise<void> {
  for (;;) {
    if (!ports.isCurrent()) throw closedError();
    if (ports.isCancelled?.()) throw abortedError();
    const isDone = replica.erase(SLICE_WORK);
    ports.onSlice?.();
    if (isDone) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
