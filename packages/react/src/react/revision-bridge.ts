import { matchQuery, type Query, type QueryClient } from '@tanstack/react-query';
import { closedError } from '../core/errors.ts';
import {
  isVectorIndexError,
  type SearchResult,
  type VectorIndex,
  type VectorIndexError,
} from '../core/index.ts';
import { cacheMs, isLive } from './local-query.ts';
import { indexKey } from './query-keys.ts';

/** While documents stream in, live queries run again at most this often, */
const throttleMs = 300;
/** and within one insert ever less often, down to this: of a long one nobody needs every step. */
const slowestThrottleMs = 1_200;
/** A result that came while its component waits in a `<Suspense>` is shown by then. */
const commitMs = 1_000;

interface Bridge {
  users: number;
  cancelStop: () => void;
  readonly stop: () => void;
}

const bridgesByClient = new WeakMap<QueryClient, Map<VectorIndex, Bridge>>();

/**
 * Has an index's cached results follow the index, once for all hooks that share index and query
 * client: what is on screen is asked again, and what is not is dropped, so that a removed document
 * never comes back from the cache. Returns the release.
 */
export function retainRevisionBridge(index: VectorIndex, queryClient: QueryClient): () => void {
  const bridges = bridgesByClient.get(queryClient) ?? new Map<VectorIndex, Bridge>();
  bridgesByClient.set(queryClient, bridges);
  const bridge = bridges.get(index) ?? {
    users: 0,
    cancelStop: () => undefined,
    stop: startBridge(index, queryClient),
  };
  bridges.set(index, bridge);
  bridge.cancelStop();
  bridge.users += 1;

  let released = false;
  return () => {
    if (released) return;
    released = true;
    bridge.users -= 1;
    if (bridge.users > 0) return;
    // Cached results outlive the component that asked, and so does following the index.
    const timer = setTimeout(() => {
      bridges.delete(index);
      bridge.stop();
    }, cacheMs);
    bridge.cancelStop = () => clearTimeout(timer);
  };
}

function startBridge(index: VectorIndex, queryClient: QueryClient): () => void {
  const queryKey = indexKey(index);
  const cache = queryClient.getQueryCache();
  const isBehind = ({ state }: Query) => {
    const { revision } = index.status.get();
    // Ahead is behind, too: an index that was deleted elsewhere starts anew.
    return revisionsOf(state.data).some((of) => of !== revision);
  };
  const isInserting = () => index.status.get().insert !== null;
  const isUnseen = (query: Query) => query.getObserversCount() === 0;
  const shown = new WeakSet<Query>();
  const isAwaited = (query: Query) =>
    !shown.has(query) && Date.now() - query.state.dataUpdatedAt < commitMs;
  const drop = (predicate: (query: Query) => boolean) => {
    const found = cache.findAll({ queryKey, predicate: (one) => isUnseen(one) && predicate(one) });
    for (const query of found) {
      if (stopped || !isAwaited(query)) {
        cache.remove(query);
        continue;
      }
      query.invalidate();
      setTimeout(() => drop(isBehind), commitMs);
    }
  };

  /** Nothing stays of an index that is gone: it may have been closed to lock it. Asking again would open it anew. */
  const forget = (error: VectorIndexError) => {
    drop(() => true);
    const empty = { data: undefined, dataUpdatedAt: 0, status: 'error', error } as const;
    for (const query of cache.findAll({ queryKey })) query.setState(empty);
  };

  let seen = index.status.get().revision;
  let isGone = whyGone(index) !== null;
  let refreshedAt = -Infinity;
  let intervalMs = throttleMs;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const schedule = () => {
    if (stopped) return;
    const waitMs = Math.max(0, refreshedAt + intervalMs - performance.now());
    timer ??= setTimeout(() => void refresh(), waitMs);
  };
  const refresh = async () => {
    timer = undefined;
    refreshedAt = performance.now();
    if (isInserting()) intervalMs = Math.min(intervalMs * 2, slowestThrottleMs);
    // A search under way is not cancelled: with documents streaming in, none would ever finish.
    await queryClient.invalidateQueries({ queryKey, predicate: isLive }, { cancelRefetch: false });
    const active = cache.findAll({ queryKey, type: 'active', predicate: isLive });
    if (active.some((query) => query.state.status === 'success' && isBehind(query))) schedule();
  };

  const unsubscribeIndex = index.status.subscribe(() => {
    const { revision } = index.status.get();
    if (intervalMs > throttleMs && !isInserting()) {
      // What came last shows as soon as anything else would.
      intervalMs = throttleMs;
      if (timer !== undefined) {
        clearTimeout(timer);
        timer = undefined;
        schedule();
      }
    }
    const error = whyGone(index);
    if (error !== null && !isGone) forget(error);
    isGone = error !== null;
    if (revision === seen) return;
    seen = revision;
    drop(isBehind);
    schedule();
  });
  const unsubscribeCache = cache.subscribe((event) => {
    const { type } = event;
    const query = event.query as Query;
    // Of an app's own queries there may be thousands.
    if (!matchQuery({ queryKey }, query)) return;
    // What it is to show was read before the index changed, and came after.
    if (type === 'observerAdded' && isLive(query) && isBehind(query)) schedule();
    if (type === 'observerAdded' || type === 'observerRemoved') shown.add(query);
    // Later, because StrictMode takes an observer away and gives it back.
    if (type === 'observerRemoved') setTimeout(() => drop(isBehind), 0);
  });
  // Results may be cached from before anything followed the index.
  if (cache.findAll({ queryKey }).some(isBehind)) schedule();

  return () => {
    stopped = true;
    unsubscribeIndex();
    unsubscribeCache();
    clearTimeout(timer);
    // Nothing follows the index any more: what is cached may be outdated unseen.
    drop(() => true);
  };
}

/** What to say of an index that was closed, or whose documents were deleted, here or elsewhere; else `null`. */
function whyGone({ status }: VectorIndex): VectorIndexError | null {
  const { state, error } = status.get();
  if (state === 'closed') return closedError();
  return isVectorIndexError(error, 'storage-lost') ? error : null;
}

/** The revisions that cached data was read at: several, where it came in pages. */
function revisionsOf(data: unknown): readonly number[] {
  const { revision, pages = [] } = (data ?? {}) as Partial<SearchResult & { pages: unknown[] }>;
  return revision === undefined ? pages.flatMap(revisionsOf) : [revision];
}
