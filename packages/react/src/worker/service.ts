import type { Engine } from '@akin/engine/slim';
import { abortedError, closedError } from '../core/errors.ts';
import type { VectorIndexError } from '../core/errors.ts';
import type { Clock, Locks } from '../core/ports.ts';
import { randomId } from '../core/ports.ts';
import type {
  CallKind,
  CallMessage,
  IndexFigures,
  OpenPayload,
  OpenReply,
  Payload,
  PutReply,
  Reply,
  WasmSource,
} from '../core/protocol.ts';
import type { StorageDriver } from '../storage/driver.ts';
import { createEncryptedDriver } from '../storage/encryption/encrypted-driver.ts';
import type { EncryptedDriver } from '../storage/encryption/encrypted-driver.ts';
import { notEncryptedError } from '../storage/encryption/encryption-errors.ts';
import { repairRows, verifyRows } from '../storage/health.ts';
import type { DocumentKey } from '../storage/schema.ts';
import { isRefusal } from '../storage/storage-errors.ts';
import { createStore } from '../storage/store.ts';
import { createBackground } from './background.ts';
import type { Background } from './background.ts';
import type { Channel } from './channel.ts';
import { compact } from './compact.ts';
import { documentOf } from './document.ts';
import { engineError } from './engine-errors.ts';
import { checkFilter } from './filter.ts';
import type { CheckedFilter } from './filter.ts';
import { learnMetadata } from './learn-metadata.ts';
import type { Learning } from './learn-metadata.ts';
import { countDocuments, listDocuments, listNamespaces } from './list-documents.ts';
import { createMaintenance } from './maintenance.ts';
import type { Maintenance } from './maintenance.ts';
import { openIndex } from './open-index.ts';
import type { OpenIndex } from './open-index.ts';
import { pickDocuments } from './pick-documents.ts';
import { searchIndex } from './search.ts';
import { createSerialQueue } from './serial-queue.ts';
import { checkVectors } from './vectors.ts';

/** Removals in one transaction. */
const REMOVE_BATCH = 1_000;
/** Between two reports of the graph's progress. */
const FIGURES_MS = 200;

export interface ServicePorts {
  readonly clock: Clock;
  readonly locks: Locks;
  readonly defer: (run: () => void) => void;
  readonly createDriver: (payload: Pick<OpenPayload, 'name' | 'storage'>) => StorageDriver;
  /** `null`: do without, and compare every vector. */
  readonly startEngine: (wasm: WasmSource) => Promise<Engine | null>;
  readonly createChannel: (name: string, onRevision: (revision: number) => void) => Channel | null;
}

export interface ServiceEvents {
  readonly figures: (figures: IndexFigures) => void;
  readonly lost: (error: VectorIndexError) => void;
  /** The engine failed in a way that leaves it unusable. */
  readonly fatal: (error: unknown) => void;
}

/** What a call may ask about itself. */
export interface CallContext {
  readonly isCancelled: boolean;
}

/** What the index worker can do. Every rejection that is no `VectorIndexError` is a trap. */
export interface Service {
  handle(call: CallMessage, context: CallContext): Promise<unknown>;
}

type Handlers = {
  [K in CallKind]: (payload: Payload<K>, context: CallContext) => Promise<Reply<K>>;
};

export function createService(ports: ServicePorts, events: ServiceEvents): Service {
  const { clock } = ports;
  const writes = createSerialQueue();
  let engine: Promise<Engine | null> | null = null;
  let opened: OpenIndex | null = null;
  let encrypted: EncryptedDriver | null = null;
  let channel: Channel | null = null;
  let background: Background | null = null;
  let maintenance: Maintenance | null = null;
  /** The graph stands still while it is stored, or all rows are read. */
  let isHeld = false;
  /** Whether it was to be worked on meanwhile. */
  let isWithheld = false;
  let active = 0;
  let birth = { birthId: '', isEphemeral: false };
  let healed = 0;
  let loadMs = 0;
  let reportedAt = -Infinity;

  const need = (): OpenIndex => {
    if (!opened) throw closedError();
    return opened;
  };

  // -- open and close -------------------------------------------------------------------------

  const open = async (payload: OpenPayload): Promise<OpenReply> => {
    if (opened) return opening(opened);
    const startedAt = clock.now();
    const engineStart = payload.isDegraded ? Promise.resolve(null) : startEngineOnce(payload.wasm);
    // Storage may fail first.
    engineStart.catch(() => undefined);
    const { driver, isEphemeral, healedKeys } = await openDriver(payload);
    try {
      const { index, healedRows } = await createStore(driver).open(payload, randomId());
      opened = await openIndex(payload, await engineStart, driver);
      birth = { birthId: index.birthId, isEphemeral };
      healed = healedRows + healedKeys;
    } catch (error) {
      driver.close();
      throw error;
    }
    loadMs = clock.now() - startedAt;
    const isStored = payload.storage === 'indexeddb' && !birth.isEphemeral;
    if (isStored) {
      channel = ports.createChannel(payload.name, (revision) => void follow(revision));
    }
    background = createBackground({
      clock,
      defer: ports.defer,
      isBusy: () => active > 0,
      writing: () => opened?.driver.writing,
      work(maxWork) {
        isWithheld = isHeld;
        return isHeld || (guarded(() => opened?.replica.work(maxWork) ?? true) ?? true);
      },
      onSlice(isDone) {
        report(isDone);
        if (isDone && !isHeld) maintenance?.wake();
      },
    });
    maintenance = createMaintenance({
      clock,
      locks: ports.locks,
      need: () => opened,
      isStored,
      alone,
      onFailure: (error) => events.fatal(error),
    });
    background.wake();
    return opening(opened);
  };
  const opening = (index: OpenIndex): OpenReply => ({ figures: figures(index), ...birth });

  /** The database, or memory where the browser refuses to store anything and never did. */
  const openDriver = async (payload: OpenPayload) => {
    const { name, storage, encryption } = payload;
    const plain = ports.createDriver(payload);
    // What is in memory only is not at rest.
    encrypted =
      encryption && storage === 'indexeddb' ? createEncryptedDriver(plain, name, encryption) : null;
    const driver = encrypted ?? plain;
    driver.onLost((error) => {
      shut();
      events.lost(error);
    });
    try {
      await driver.open();
      return { driver, isEphemeral: false, healedKeys: encrypted?.healedRows ?? 0 };
    } catch (error) {
      driver.close();
      // Memory in the place of what is stored would look like an empty index, and lose what is written.
      if (!isRefusal(error) || payload.wasStored) throw error;
    }
    encrypted = null;
    const memory = ports.createDriver({ name, storage: 'memory' });
    await memory.open();
    return { driver: memory, isEphemeral: true, healedKeys: 0 };
  };

  /** Keeps the engine, and tries again after a failure. */
  const startEngineOnce = (wasm: WasmSource) => {
    engine ??= ports.startEngine(wasm).catch((error: unknown) => {
      engine = null;
      throw error;
    });
    return engine;
  };

  const shut = () => {
    background?.stop();
    maintenance?.stop();
    channel?.close();
    opened?.close();
    background = maintenance = channel = opened = null;
  };

  /** Runs while nothing is written and the graph stands still but for what this does. */
  const alone = <T>(run: () => Promise<T>): Promise<T> =>
    writes.run(async () => {
      const before = opened?.replica.seq;
      isHeld = true;
      try {
        return await run();
      } finally {
        isHeld = false;
        if (opened && opened.replica.seq !== before) changed();
        else if (isWithheld || opened?.replica.isSettled === false) background?.wake();
      }
    });

  // -- telling --------------------------------------------------------------------------------

  const report = (isFinal: boolean) => {
    const now = clock.now();
    if (!opened || (!isFinal && now - reportedAt < FIGURES_MS)) return;
    reportedAt = now;
    events.figures(figures(opened));
  };

  /** After every change of the replica, and before the change is acknowledged. */
  const changed = () => {
    report(true);
    background?.wake();
  };

  const guarded = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      // What it says by itself it survives: of memory that is short, the next write may find more.
      if (!engineError(error)) events.fatal(error);
      return undefined;
    }
  };

  const catchUpNow = async (index: OpenIndex) => {
    const before = index.replica.seq;
    try {
      await index.catchUp();
    } finally {
      // Told also where it came a part of the way.
      if (index.replica.seq !== before) changed();
    }
  };

  /** Reads what was written elsewhere, ahead of writes that wait. */
  const catchUp = () =>
    writes.runNext(async () => {
      await need().catchUp();
      changed();
    });

  const learning = (context: CallContext): Learning => ({
    need,
    catchUp,
    isHeld: () => isHeld,
    onLearned: () => maintenance?.wake(),
    context,
  });

  /** The filter, once everything is known that it asks about. */
  const learned = async (
    { namespace, filter }: Payload<'count'>,
    context: CallContext,
  ): Promise<CheckedFilter | undefined> => {
    const checked = checkFilter(filter);
    if (checked) await learnMetadata(learning(context), namespace, checked);
    return checked;
  };

  /** Another tab has written. */
  const follow = async (revision: number) => {
    try {
      await writes.run(async () => {
        if (opened && opened.replica.seq < revision) await catchUpNow(opened);
      });
    } catch (error) {
      // The next write meets the same and has somebody to tell; until then the log is looked at now and then.
      if (!engineError(error)) events.fatal(error);
    }
  };

  /** Makes a committed operation visible here, in its place among those of other tabs. */
  const settle = async (
    index: OpenIndex,
    outcome:
      | { kind: 'done'; committed: Parameters<OpenIndex['replica']['apply']>[0] | null }
      | { kind: 'known'; seq: number },
  ) => {
    const committed = outcome.kind === 'done' ? outcome.committed : null;
    const seq = outcome.kind === 'known' ? outcome.seq : committed?.seq;
    // Nothing was left to do, because of what another tab may have written.
    if (seq === undefined) return catchUpNow(index);
    if (index.replica.seq >= seq) return;
    if (committed && index.replica.seq + 1 === seq) index.replica.apply(committed);
    else await index.catchUp();
    changed();
    channel?.tell(index.replica.seq);
  };

  // -- calls ----------------------------------------------------------------------------------

  const put = (payload: Payload<'put'>, context: CallContext): Promise<PutReply> => {
    const { description } = need();
    checkVectors(payload, description.dimensions, description.metric);
    return writes.run(async () => {
      if (context.isCancelled) throw abortedError();
      const index = need();
      const { opId, embedderId, documents, vectors, isRestoring } = payload;
      const outcome = await index.store.put({
        opId,
        embedderId,
        entries: documents,
        vectors,
        isRestoring,
        at: clock.wallTime(),
      });
      if (outcome.kind === 'replan') return { kind: 'replan' };
      await settle(index, outcome);
      return { kind: 'stored', result: outcome.result };
    });
  };

  const remove = async (
    { opId, namespace, ids }: Payload<'remove'>,
    context: CallContext,
  ): Promise<number> => {
    let removed = 0;
    for (let batch = 0; ; batch++) {
      const first = batch * REMOVE_BATCH;
      const keys = ids
        ?.slice(first, first + REMOVE_BATCH)
        .map((id): DocumentKey => [namespace, id]);
      if (keys?.length === 0) return removed;
      // Whatever is inserted after this was asked stays: only the first batch waits its turn.
      const count = await writes[batch === 0 ? 'run' : 'runNext'](async () => {
        if (context.isCancelled) throw abortedError();
        const index = need();
        const outcome = await index.store.remove({
          // One name a transaction, the same when it is sent again.
          opId: `${opId}/${batch}`,
          selection: keys ? { keys } : { namespace, limit: REMOVE_BATCH },
          at: clock.wallTime(),
        });
        await settle(index, outcome);
        return outcome.result;
      });
      removed += count;
      if (!keys && count < REMOVE_BATCH) return removed;
    }
  };

  const handlers: Handlers = {
    open: (payload) => writes.run(() => open(payload)),
    async plan({ documents }) {
      const { store, replica } = need();
      const actions = await store.plan(documents);
      // It may be another tab that stored them, and they are acknowledged here.
      if (actions.some(({ action }) => action === 'same')) {
        const { seq } = await store.head();
        if (replica.seq < seq) await writes.runNext(async () => catchUpNow(need()));
      }
      return { actions };
    },
    put,
    remove,
    async purge(payload, context) {
      const removed = await remove(payload, context);
      const traces = await (maintenance?.purge(payload) ?? Promise.reject(closedError()));
      return { removed, traces };
    },
    search: (payload, context) => searchIndex({ ...learning(context), clock }, payload),
    async get({ id, namespace, vector }) {
      const { store } = need();
      if (vector) {
        const found = await store.documentWithVector([namespace, id]);
        return found && documentOf(found.row, found.vector);
      }
      const [row] = await store.documents([[namespace, id]]);
      return row && documentOf(row);
    },
    async list(payload, context) {
      const filter = await learned(payload, context);
      return listDocuments(need(), payload, filter);
    },
    async count(payload, context) {
      const filter = await learned(payload, context);
      return countDocuments(need(), payload.namespace, filter);
    },
    namespaces: async ({ bytes }) =>
      (await listNamespaces(need(), bytes)).sort((a, b) => (a.namespace < b.namespace ? -1 : 1)),
    pick: ({ namespace, shares }) =>
      Promise.resolve(pickDocuments(need().replica, namespace, shares)),
    stats: () => {
      const index = need();
      return Promise.resolve({
        ...figures(index),
        damagedPacks: index.damagedPacks,
        damagedSnapshots: index.damagedSnapshots,
        healedRows: healed,
        isFromSnapshot: index.base !== null,
        loadMs,
      });
    },
    follow: () =>
      writes.runNext(async () => {
        const index = need();
        await catchUpNow(index);
        return index.replica.seq;
      }),
    verify: () =>
      alone(async () => {
        const index = need();
        const found = await verifyRows(index.driver);
        const broken = await index.snapshots.countBroken();
        return { ...found, damagedSnapshots: found.damagedSnapshots + broken };
      }),
    repair: () =>
      alone(async () => {
        const index = need();
        const found = await repairRows(index.driver);
        await index.rebuild();
        changed();
        return found;
      }),
    async snapshot(_, context) {
      // Closing takes it away while this waits.
      const current = maintenance;
      if (!current) throw closedError();
      await alone(async () => {
        const index = need();
        const { replica } = index;
        if (replica.tombstones === 0) return;
        await compact(replica, {
          isCurrent: () => opened === index && index.replica === replica,
          isCancelled: () => context.isCancelled,
          onSlice: () => report(replica.tombstones === 0),
        });
      });
      // Nothing but vectors: there is no graph to store.
      const isPlain = engine !== null && (await engine) === null;
      return isPlain || current.run();
    },
    changeKey: ({ encryption }) =>
      writes.run(async () => {
        need();
        if (!encrypted) throw notEncryptedError();
        await encrypted.changeKey(encryption);
        return null;
      }),
    ping: () => Promise.resolve(null),
    close: () =>
      writes.run(() => {
        shut();
        return Promise.resolve(null);
      }),
    destroy: (payload) =>
      writes.run(async () => {
        shut();
        await ports.createDriver(payload).destroy();
        return null;
      }),
  };

  return {
    async handle(call, context) {
      active++;
      try {
        const handler = handlers[call.kind] as (
          payload: CallMessage['payload'],
          context: CallContext,
        ) => Promise<unknown>;
        return await handler(call.payload, context);
      } finally {
        active--;
      }
    },
  };
}

function figures({ replica }: OpenIndex): IndexFigures {
  return {
    revision: replica.seq,
    documentCount: replica.documentCount,
    unindexedCount: replica.unindexedCount,
    tombstoneCount: replica.tombstones,
    memoryBytes: replica.memoryBytes,
  };
}
