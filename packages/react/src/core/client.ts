import { createCallFeed } from './call-feed.ts';
import {
  checkCount,
  checkDocuments,
  checkId,
  checkNamespace,
  checkSelector,
  checkTarget,
} from './documents.ts';
import { embedTexts, embedderUntil } from './embed.ts';
import { checkEncryption } from './encryption.ts';
import { VectorIndexError, closedError, invalidInput } from './errors.ts';
import { createFollowing } from './following.ts';
import type { Following } from './following.ts';
import { createListeners } from './listeners.ts';
import { insertDocuments } from './insert.ts';
import { createInsertTally } from './insert-progress.ts';
import type { Inspectable } from './inspect.ts';
import { checkOptions } from './options.ts';
import { randomId } from './ports.ts';
import type { Clock, Lifecycle, Markers } from './ports.ts';
import type { IndexFigures, OpenPayload, WasmSource } from './protocol.ts';
import { createQueryVectors } from './query-vectors.ts';
import { createStatusStore, initialIndexStatus } from './status.ts';
import { createStorageMonitor } from './storage-monitor.ts';
import { createSupervisor } from './supervisor.ts';
import type { SupervisorTiming } from './supervisor-timing.ts';
import type {
  DocumentReference,
  Durability,
  IndexEncryption,
  IndexStatus,
  InsertProgress,
  Metadata,
  SearchHit,
  SearchTarget,
  StorageStatus,
  StoredDocument,
  VectorIndex,
  VectorIndexOptions,
} from './types.ts';

/** What the platform gives an index. */
export interface ClientPorts {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly markers: Markers;
  readonly spawn: () => Worker;
  /** Looks for what is wrong with the worker's script. Default: nobody can tell. */
  readonly whyNotLoaded?: () => Promise<string | undefined>;
  readonly wasm: () => WasmSource | Promise<WasmSource>;
  readonly timing: SupervisorTiming;
}

/** An index, and what its registry needs. */
export interface VectorIndexClient<M extends Metadata = Metadata>
  extends VectorIndex<M>, Inspectable {
  readonly durability: Durability;
  /** Closed or destroyed, or about to be. */
  readonly isClosed: boolean;
  /** Something is asked of the worker, or documents are being inserted. */
  readonly isBusy: boolean;
  /** Documents are in the worker's memory and nowhere else. */
  readonly holdsOnlyCopy: boolean;
  /** What it was given to open with. */
  readonly encryption: IndexEncryption | null;
  /** Stops the worker until the next call, unless it holds the only copy. */
  suspend(): Promise<void>;
}

export function createClient<M extends Metadata = Metadata>(
  options: VectorIndexOptions,
  ports: ClientPorts,
): VectorIndexClient<M> {
  const { name, embedder, metric, storage, durability, dimensions, hnsw, ...checked } =
    checkOptions(options);
  const { clock } = ports;
  let { encryption } = checked;
  const closed = new AbortController();
  let destroying: Promise<void> | null = null;
  let inserts = 0;
  let following: Following | null = null;

  const isMemory = storage === 'memory';
  const status = createStatusStore(
    {
      ...initialIndexStatus,
      storage: {
        ...initialIndexStatus.storage,
        kind: storage,
        ephemeral: isMemory,
        persisted: isMemory ? false : null,
      },
    },
    embedder,
    clock,
  );
  const setStorage = (change: Partial<StorageStatus>) => {
    const next = { ...status.get().storage, ...change };
    status.set({ storage: next.ephemeral ? { ...next, persisted: false } : next });
  };
  const showFigures = (figures: IndexFigures) => {
    status.set(figures);
    // Filled again.
    if (figures.documentCount > 0 && status.get().storage.evicted) setStorage({ evicted: false });
  };
  const monitor = createStorageMonitor(clock, setStorage);
  const tally = createInsertTally((insert) => status.set({ insert }));
  const ownEmbedder = embedder && embedderUntil(closed.signal, embedder);
  const queries = createQueryVectors(ownEmbedder);
  const calls = createCallFeed(clock);
  const supervisor = createSupervisor({
    clock,
    timing: ports.timing,
    database: { name, storage },
    spawn: ports.spawn,
    whyNotLoaded: ports.whyNotLoaded ?? (() => Promise.resolve(undefined)),
    open: async (isDegraded): Promise<OpenPayload> => ({
      name,
      storage,
      durability,
      dimensions,
      metric,
      embedderId: embedder?.id ?? null,
      hnsw,
      wasm: await ports.wasm(),
      isDegraded,
      wasStored: ports.markers.get(name) !== null,
      encryption,
    }),
    onOpened({ figures, birthId, isEphemeral }, isDegraded) {
      const before = status.get();
      // A new worker knows nothing of what the last one had in memory.
      let isLost = before.storage.ephemeral && before.documentCount > 0;
      if (!isMemory && !isEphemeral) {
        const marked = ports.markers.get(name);
        isLost ||= marked !== null && marked !== birthId;
        ports.markers.set(name, birthId);
      }
      setStorage({
        ephemeral: isMemory || isEphemeral,
        ...(isLost ? { evicted: true } : {}),
      });
      showFigures(figures);
      status.set({ degraded: isDegraded });
    },
    onState(next) {
      if (isClosed()) return;
      status.set({ state: next.state, error: next.state === 'error' ? next.error : null });
      if (next.state === 'ready') monitor.refresh();
      setFollowing(next.state === 'ready');
    },
    onWritten(error) {
      if (!error) setStorage({ full: false });
      else if (error.code === 'quota-exceeded') setStorage({ full: true });
    },
    onFigures(figures) {
      if (figures.revision !== status.get().revision) monitor.refresh();
      showFigures(figures);
    },
  });

  const { call: ask } = supervisor;

  function setFollowing(isWanted: boolean): void {
    if (isWanted && !isMemory) {
      following ??= createFollowing(clock, ports.lifecycle, () => {
        // Whatever is wrong, the next search or write meets it too.
        ask('follow', {}).catch(() => undefined);
      });
    } else {
      following?.stop();
      following = null;
    }
  }

  const holdsOnlyCopy = () => {
    const { storage, documentCount } = status.get();
    return storage.ephemeral && documentCount > 0;
  };
  const isClosed = () => closed.signal.aborted;
  const checkOpen = () => {
    if (isClosed()) throw closedError();
  };
  const close = async () => {
    closed.abort();
    monitor.stop();
    setFollowing(false);
    await supervisor.end();
    status.set({ state: 'closed', error: null, insert: null });
  };

  const erase = async () => {
    closed.abort();
    try {
      await supervisor.destroy();
      ports.markers.delete(name);
    } finally {
      await close();
      status.set({ ...CLEARED });
    }
  };

  /** Texts are there still, so their vectors can be. */
  async function restoreVectors(lost: readonly DocumentReference[]): Promise<void> {
    if (!ownEmbedder) return;
    for (const { id, namespace } of lost) {
      const row = await ask('get', { id, namespace, vector: false });
      if (row?.text === undefined) continue;
      const [embedding] = await embedTexts(ownEmbedder, [row.text], { purpose: 'document' });
      if (!embedding) continue;
      await ask('put', {
        opId: randomId(),
        embedderId: ownEmbedder.id,
        documents: [
          {
            namespace,
            id,
            text: row.text,
            metadata: undefined,
            truncated: embedding.truncated,
            vector: 0,
          },
        ],
        vectors: embedding.vector,
        isRestoring: true,
      });
    }
  }

  const insert: VectorIndex<M>['insert'] = async (documents, { signal, onProgress } = {}) => {
    checkOpen();
    const checked = checkDocuments(documents, dimensions);
    const progress = tally.begin(checked.length);
    const listeners = createListeners<[InsertProgress]>(clock);
    if (onProgress) listeners.add(onProgress);
    inserts++;
    try {
      return await insertDocuments(
        { supervisor, embedder: ownEmbedder, dimensions },
        checked,
        { signal },
        (count) => listeners.tell(progress.advance(count)),
      );
    } finally {
      inserts--;
      progress.end();
    }
  };

  const search: VectorIndex<M>['search'] = async (target, params = {}) => {
    checkOpen();
    checkTarget(target, dimensions);
    const { signal, filter, minScore, diversity, efSearch, exact, explain } = params;
    const namespace = checkNamespace(params.namespace);
    const k = checkCount(params.k, 10, 'k');
    const startedAt = clock.now();
    const resolved = await resolveTarget(target);
    const embedMs = typeof target === 'string' ? clock.now() - startedAt : 0;
    // By name: whatever else is in them may be nothing that can be sent.
    const asked = { k, namespace, filter, minScore, diversity, efSearch, exact, explain };
    const reply = await ask('search', { target: resolved, ...asked }, { signal });
    return {
      hits: reply.hits as readonly SearchHit<M>[],
      searched: reply.searched,
      revision: reply.revision,
      took: { embedMs, searchMs: reply.searchMs },
      ...(reply.explain ? { explain: reply.explain } : {}),
    };

    async function resolveTarget(given: SearchTarget) {
      if (given instanceof Float32Array) return given;
      if (typeof given === 'object') {
        return { id: given.id, namespace: checkNamespace(given.namespace ?? namespace) };
      }
      return (await queries.get(given, signal)) ?? new Float32Array(dimensions);
    }
  };

  return {
    name,
    embedder,
    dimensions,
    metric,
    durability,
    status: { get: () => status.get(), subscribe: (listener) => status.subscribe(listener) },

    ready: () => supervisor.ready(),

    insert: (documents, options) =>
      calls.watch('insert', documents, () => insert(documents, options), options?.signal),
    search: (target, params) =>
      calls.watch('search', target, () => search(target, params), params?.signal),

    async get(id, { namespace, vector } = {}) {
      checkId(id);
      const found = await ask('get', {
        id,
        namespace: checkNamespace(namespace),
        vector: vector ?? false,
      });
      return found as StoredDocument<M> | undefined;
    },

    async list({ namespace, filter, limit, after } = {}) {
      const found = await ask('list', {
        namespace: checkNamespace(namespace),
        limit: checkCount(limit, 100, 'limit'),
        after,
        filter,
      });
      return found as readonly StoredDocument<M>[];
    },

    async count(given) {
      const { namespace, filter } = typeof given === 'object' ? given : { namespace: given };
      return ask('count', { namespace: checkNamespace(namespace), filter });
    },

    namespaces: ({ bytes } = {}) => ask('namespaces', { bytes: bytes ?? false }),

    remove: (selector) =>
      calls.watch('remove', selector, async () =>
        ask('remove', { opId: randomId(), ...checkSelector(selector) }),
      ),

    purge: (selector) =>
      calls.watch('purge', selector, async () => {
        const payload = { opId: randomId(), ...checkSelector(selector) };
        const { removed, traces } = await ask('purge', payload);
        if (traces === 0) return removed;
        throw new VectorIndexError(
          'degraded',
          `The documents are removed, but ${traces} traces of them are still stored.`,
          'If they were not inserted again meanwhile, call repair() and then purge() once more.',
        );
      }),

    optimize: () =>
      calls.watch('optimize', undefined, async () => {
        await ask('snapshot', {});
      }),

    verify: () => calls.watch('verify', undefined, () => ask('verify', {})),

    repair: () =>
      calls.watch('repair', undefined, async () => {
        const found = await ask('repair', {});
        await restoreVectors(found.withoutVector);
        return found;
      }),

    async changeKey(given) {
      const wanted = checkEncryption(given);
      if (!wanted) throw invalidInput('No key was given.', 'Give a `passphrase` or a `key`.');
      await ask('changeKey', { encryption: wanted });
      encryption = wanted;
    },

    persist: () => (storage === 'memory' ? Promise.resolve(false) : monitor.persist()),

    async close() {
      if (!isClosed()) await close();
    },

    destroy() {
      destroying ??= erase().finally(() => {
        destroying = null;
      });
      return destroying;
    },

    observe: (listener) => calls.subscribe(listener),
    pick: async (namespace, shares) =>
      ask('pick', { namespace: checkNamespace(namespace), shares }),
    get encryption() {
      return encryption;
    },
    get isClosed() {
      return isClosed();
    },
    get isBusy() {
      return inserts > 0 || supervisor.isBusy;
    },
    get holdsOnlyCopy() {
      return holdsOnlyCopy();
    },
    async suspend() {
      // What ends for good needs its worker.
      if (!isClosed() && !holdsOnlyCopy()) await supervisor.stop();
    },
  };
}

const CLEARED: Pick<
  IndexStatus,
  'documentCount' | 'unindexedCount' | 'tombstoneCount' | 'memoryBytes'
> = {
  documentCount: 0,
  unindexedCount: 0,
  tombstoneCount: 0,
  memoryBytes: 0,
};
