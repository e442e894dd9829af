import type { QueryClient } from '@tanstack/react-query';
import type { SearchResult, VectorIndex } from '../core/index.ts';
import { indexKey } from './query-keys.ts';

/** While documents stream in, live queries run again at most this often. */
const throttleMs = 300;

interface Bridge {
  users: number;
  readonly stop: () => void;
}

const bridgesByClient = new WeakMap<QueryClient, Map<VectorIndex, Bridge>>();

/**
 * Marks an index's cached results stale when the index changes, once for all hooks that share
 * index and query client. Returns the release.
 */
export function retainRevisionBridge(index: VectorIndex, queryClient: QueryClient): () => void {
  const bridges = bridgesByClient.get(queryClient) ?? new Map<VectorIndex, Bridge>();
  bridgesByClient.set(queryClient, bridges);
  const bridge = bridges.get(index) ?? { users: 0, stop: startBridge(index, queryClient) };
  bridges.set(index, bridge);
  bridge.users += 1;

  let released = false;
  return () => {
    if (released) return;
    released = true;
    bridge.users -= 1;
    if (bridge.users > 0) return;
    bridge.stop();
    bridges.delete(index);
  };
}

function startBridge(index: VectorIndex, queryClient: QueryClient): () => void {
  const queryKey = indexKey(index);
  let seen = index.status.get().revision;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const schedule = () => {
    if (!stopped) timer ??= setTimeout(() => void refresh(), throttleMs);
  };
  const refresh = async () => {
    timer = undefined;
    // A search under way is not cancelled: with documents streaming in, none would ever finish.
    await queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
    const { revision } = index.status.get();
    const isBehind = queryClient
      .getQueryCache()
      .findAll({ queryKey, type: 'active' })
      .some(({ state }) => {
        const data = state.data as Partial<SearchResult> | undefined;
        return state.status === 'success' && (data?.revision ?? revision) < revision;
      });
    if (isBehind) schedule();
  };
  const unsubscribe = index.status.subscribe(() => {
    const { revision } = index.status.get();
    if (revision === seen) return;
    seen = revision;
    schedule();
  });
  return () => {
    stopped = true;
    unsubscribe();
    clearTimeout(timer);
  };
}
