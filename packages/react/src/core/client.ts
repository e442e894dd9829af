import {
  checkCount,
  checkDocuments,
  checkId,
  checkNamespace,
  checkSelector,
  checkTarget,
} from './documents.ts';
import { VectorIndexError, closedError, invalidInput } from './errors.ts';
import { insertDocuments } from './insert.ts';
import { createInsertTally } from './insert-progress.ts';
import { randomId } from './ports.ts';
import type { Clock } from './ports.ts';
import type { OpenPayload } from './protocol.ts';
import { createQueryVectors } from './query-vectors.ts';
import { checkSearchParams } from './search-params.ts';
import { createStatusStore, initialIndexStatus } from './status.ts';
import { createStorageMonitor } from './storage-monitor.ts';
import { createSupervisor } from './supervisor.ts';
import type { SupervisorTiming } from './supervisor.ts';
import type {
  IndexStatus,
  Metadata,
  SearchHit,
  SearchTarget,
  StoredDocument,
  VectorIndex,
  VectorIndexOptions,
} from './types.ts';

/** What the platform gives an index. */
export interface ClientPorts {
  readonly clock: Clock;
  readonly spawn: () => Worker;
  readonly wasmUrl: () => string;
  readonly timing: SupervisorTiming;
}

/** An index, and what its registry needs. */
export interface VectorIndexClient<M extends Metadata = Metadata> extends VectorIndex<M> {
  /** Something is asked of the worker, or documents are being inserted. */
  readonly isBusy: boolean;
  /** Stops the worker until the next call. */
  suspend(): Promise<void>;
}

export function createClient<M extends Metadata = Metadata>(
  options: VectorIndexOptions,
  ports: ClientPorts,
): VectorIndexClient<M> {
  const { name, embedder, metric, storage, dimensions, hnsw } = checkOptions(options);
  const { clock } = ports;
  let isClosed = false;
  let inserts = 0;

  const status = createStatusStore(
    {
      ...initialIndexStatus,
      storage: {
        ...initialIndexStatus.storage,
        kind: storage,
        persisted: storage === 'memory' ? false : null,
      },
    },
    embedder,
  );
  const monitor = createStorageMonitor(clock, (estimate) =>
    status.set({
      storage: {
        kind: storage,
        ...estimate,
        persisted: storage === 'memory' ? false : estimate.persisted,
      },
    }),
  );
  const tally = createInsertTally((insert) => status.set({ insert }));
  const queries = createQueryVectors(embedder);
  const supervisor = createSupervisor({
    clock,
    timing: ports.timing,
    spawn: ports.spawn,
    open: (): OpenPayload => ({
      name,
      storage,
      dimensions,
      metric,
      embedderId: embedder?.id ?? null,
      hnsw,
      wasmUrl: ports.wasmUrl(),
    }),
    onState(next) {
      if (isClosed) return;
      status.set({ state: next.state, error: next.state === 'error' ? next.error : null });
      if (next.state === 'ready') monitor.refresh();
    },
    onFigures(figures) {
      if (figures.revision !== status.get().revision) monitor.refresh();
      status.set(figures);
    },
  });

  const checkOpen = () => {
    if (isClosed) throw closedError();
  };
  const close = async () => {
    isClosed = true;
    monitor.stop();
    await supervisor.end();
    status.set({ state: 'closed', error: null, insert: null });
  };

  return {
    name,
    embedder,
    dimensions,
    metric,
    status: { get: () => status.get(), subscribe: (listener) => status.subscribe(listener) },

    async ready() {
      checkOpen();
      await supervisor.ready();
    },

    async insert(documents, { signal, onProgress } = {}) {
      checkOpen();
      const checked = checkDocuments(documents, dimensions);
      const progress = tally.begin(checked.length);
      inserts++;
      try {
        return await insertDocuments(
          { supervisor, embedder, dimensions },
          checked,
          { signal },
          (count) => {
            const own = progress.advance(count);
            onProgress?.(own);
          },
        );
      } finally {
        inserts--;
        progress.end();
      }
    },

    async search(target, { signal, ...params } = {}) {
      checkOpen();
      checkTarget(target, dimensions);
      const payload = checkSearchParams(params, metric);
      const startedAt = clock.now();
      const resolved = await resolveTarget(target);
      const embedMs = typeof target === 'string' ? clock.now() - startedAt : 0;
      checkOpen();
      const reply = await supervisor.call('search', { target: resolved, ...payload }, { signal });
      return {
        hits: reply.hits as readonly SearchHit<M>[],
        searched: reply.searched,
        revision: reply.revision,
        took: { embedMs, searchMs: reply.searchMs },
      };

      async function resolveTarget(given: SearchTarget) {
        if (given instanceof Float32Array) return given;
        if (typeof given === 'object') {
          return { id: given.id, namespace: checkNamespace(given.namespace ?? params.namespace) };
        }
        return (await queries.get(given, signal)) ?? new Float32Array(dimensions);
      }
    },

    async get(id, { namespace, vector } = {}) {
      checkOpen();
      checkId(id);
      const found = await supervisor.call('get', {
        id,
        namespace: checkNamespace(namespace),
        vector: vector ?? false,
      });
      return found as StoredDocument<M> | undefined;
    },

    async list({ namespace, limit, after } = {}) {
      checkOpen();
      const found = await supervisor.call('list', {
        namespace: checkNamespace(namespace),
        limit: checkCount(limit, 100, 'limit'),
        after,
      });
      return found as readonly StoredDocument<M>[];
    },

    async count(namespace) {
      checkOpen();
      return supervisor.call('count', { namespace: checkNamespace(namespace) });
    },

    async remove(selector) {
      checkOpen();
      return supervisor.call('remove', { opId: randomId(), ...checkSelector(selector) });
    },

    persist: () => (storage === 'memory' ? Promise.resolve(false) : monitor.persist()),

    async close() {
      if (!isClosed) await close();
    },

    async destroy() {
      isClosed = true;
      try {
        await supervisor.destroy();
      } finally {
        await close();
        status.set({ ...CLEARED });
      }
    },

    get isBusy() {
      return inserts > 0 || supervisor.isBusy;
    },
    suspend: () => supervisor.stop(),
  };
}

const CLEARED: Pick<IndexStatus, 'documentCount' | 'unindexedCount' | 'memoryBytes'> = {
  documentCount: 0,
  unindexedCount: 0,
  memoryBytes: 0,
};

/** Options with their defaults, or the reason why they cannot be. */
export function checkOptions(options: VectorIndexOptions) {
  const { name, embedder, metric = 'cosine', storage = 'indexeddb', hnsw = {} } = options;
  if (typeof name !== 'string' || name === '') {
    throw invalidInput('The index has no name.', 'Pass `name`: it names the database.');
  }
  if (!['cosine', 'dot', 'l2'].includes(metric)) {
    throw invalidInput(`There is no metric "${String(metric)}".`, 'Use "cosine", "dot" or "l2".');
  }
  const dimensions = options.dimensions ?? embedder?.dimensions;
  if (dimensions === undefined) {
    throw invalidInput(
      'The index knows no dimensions.',
      'Pass an `embedder`, or `dimensions` if you bring your own vectors.',
    );
  }
  if (!Number.isSafeInteger(dimensions) || dimensions < 1) {
    throw invalidInput(`\`dimensions\` is ${dimensions}.`, 'Give a whole number, 1 or more.');
  }
  if (embedder && embedder.dimensions !== dimensions) {
    throw new VectorIndexError(
      'dimension-mismatch',
      `The embedder gives ${embedder.dimensions} dimensions, and the options say ${dimensions}.`,
      'Leave `dimensions` out: the embedder knows.',
    );
  }
  return { name, embedder, metric, storage, dimensions, hnsw };
}
