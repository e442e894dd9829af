import { createListeners } from './listeners.ts';
import type { Clock } from './ports.ts';
import type { Embedder, IndexStatus, Readable } from './types.ts';

/** What an index shows before anything happened: on the server, and in the first render. */
export const initialIndexStatus: IndexStatus = {
  state: 'idle',
  error: null,
  revision: 0,
  documentCount: 0,
  unindexedCount: 0,
  tombstoneCount: 0,
  degraded: false,
  insert: null,
  memoryBytes: 0,
  storage: {
    kind: 'indexeddb',
    ephemeral: false,
    full: false,
    evicted: false,
    persisted: null,
    usageBytes: null,
    quotaBytes: null,
  },
  embedder: null,
};

export interface StatusStore extends Readable<IndexStatus> {
  /** Tells listeners only when something differs. */
  set(change: Partial<IndexStatus>): void;
}

/**
 * The status, with the embedder's own woven in. The embedder is listened to only while somebody
 * listens here, so an index that nobody uses holds on to nothing.
 */
export function createStatusStore(
  initial: IndexStatus,
  embedder: Embedder | undefined,
  clock?: Clock,
): StatusStore {
  let current = initial;
  let told = initial;
  const listeners = createListeners(clock, () => embedder?.status?.subscribe(followEmbedder));

  const set = (change: Partial<IndexStatus>) => {
    const changed = (Object.keys(change) as (keyof IndexStatus)[]).some(
      (field) => !isSame(current[field], change[field]),
    );
    if (!changed) return;
    current = { ...current, ...change };
    tell();
  };
  const tell = () => {
    told = current;
    listeners.tell();
  };
  const readEmbedder = () => {
    const status = embedder?.status?.get() ?? null;
    if (!isSame(current.embedder, status)) current = { ...current, embedder: status };
  };
  const followEmbedder = () => {
    readEmbedder();
    // Somebody may have read the new status before its subscribers were told.
    if (current !== told) tell();
  };

  return {
    get() {
      // Tells nobody, because React reads while it renders; the subscription below does.
      readEmbedder();
      return current;
    },
    set,
    subscribe: (listener) => listeners.add(listener),
  };
}

/** Equal one level deep: the status holds plain records of primitives. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isPlainRecord(a) || !isPlainRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}

function isPlainRecord(value: unknown): value is Record<string, unknown> {
  return (value as object | null | undefined)?.constructor === Object;
}
