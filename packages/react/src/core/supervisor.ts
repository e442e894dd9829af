import { asError, noModule, overdue, poisonous, uncloneable } from './call-errors.ts';
import {
  VectorIndexError,
  abortedError,
  closedError,
  errorFromWire,
  isVectorIndexError,
} from './errors.ts';
import { afterRunning } from './ports.ts';
import type { Clock } from './ports.ts';
import { PROTOCOL_VERSION, parseWorkerMessage } from './protocol.ts';
import type {
  CallKind,
  IndexFigures,
  OpenPayload,
  OpenReply,
  PageMessage,
  Payload,
  Reply,
  WorkerMessage,
} from './protocol.ts';
import { deadlineMs } from './supervisor-timing.ts';
import type { SupervisorTiming } from './supervisor-timing.ts';
import { startErrors, startWorker } from './worker-start.ts';
import type { WorkerStart } from './worker-start.ts';

/**
 * Owns the index worker: starts it when it is first needed, notices its death, replaces it and
 * sends again what is safe to send again. Every call settles.
 *
 * Time is counted in ticks of {@link SupervisorTiming.tickMs} while the page runs, not by the
 * clock on the wall, so that a laptop that slept finds nothing overdue.
 */
export interface Supervisor {
  /** Starts the worker and opens the index, unless that is done. Retries after a failure. */
  ready(): Promise<void>;
  readonly call: <K extends CallKind>(
    kind: K,
    payload: Payload<K>,
    options?: { readonly signal?: AbortSignal | undefined },
  ) => Promise<Reply<K>>;
  /** Deletes the database, also when the index cannot be opened. */
  destroy(): Promise<void>;
  readonly isBusy: boolean;
  /** Stops the worker; the next call starts another. Pending calls are rejected with `closed`. */
  stop(): Promise<void>;
  /** The same for good: later calls are rejected too. */
  end(): Promise<void>;
}

export type SupervisorState =
  | { readonly state: 'idle' | 'opening' | 'ready' }
  | { readonly state: 'error'; readonly error: VectorIndexError };

export interface SupervisorOptions {
  readonly spawn: () => Worker;
  /** What was wrong with the script of a worker that did not start. See {@link startWorker}. */
  readonly whyNotLoaded: () => Promise<string | undefined>;
  readonly database: Pick<OpenPayload, 'name' | 'storage'>;
  /** What the worker is told, for an index with or without its engine. */
  readonly open: (isDegraded: boolean) => Promise<OpenPayload>;
  readonly clock: Clock;
  readonly timing: SupervisorTiming;
  readonly onState: (state: SupervisorState) => void;
  readonly onFigures: (figures: IndexFigures) => void;
  readonly onOpened: (opened: OpenReply, isDegraded: boolean) => void;
  /** A write was acknowledged, or failed. */
  readonly onWritten: (error: VectorIndexError | null) => void;
}

interface Pending {
  readonly kind: CallKind;
  readonly payload: Payload<CallKind>;
  /** Calls that need no open index. */
  readonly isDirect: boolean;
  isSent: boolean;
  /** Workers that ended by it. */
  deaths: number;
  ticksLeft: number;
  settle(outcome: { value: unknown } | { error: VectorIndexError }): void;
}

/** Named by an operation id, so that sending them again is harmless. */
const REPEATABLE: ReadonlySet<CallKind> = new Set(['put', 'remove', 'purge']);

/** A write that has taken so many workers with it is not sent to another. */
const MOST_DEATHS = 2;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { clock, timing } = options;
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let worker: Worker | null = null;
  let start: WorkerStart | null = null;
  let opening: Promise<void> | null = null;
  let stopping: Promise<void> | null = null;
  let stopDescribing: (() => void) | null = null;
  let isEnded = false;
  let isOpen = false;
  /** Rises when a worker is given up, so that what it still says is not heard. */
  let generation = 0;
  let silentTicks = 0;
  let cancelTick: (() => void) | null = null;
  const restarts = { engine: [] as number[], storage: [] as number[] };
  /** Since then it opens, which may take longer than restarts are counted. */
  let openingFrom = Infinity;
  /** Goes on without the engine, which has failed too often. */
  let isDegraded = false;

  function call<K extends CallKind>(
    kind: K,
    payload: Payload<K>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Reply<K>> {
    if (isEnded) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(abortedError());
    const answer = request(kind, payload, false, signal);
    const id = lastId;
    if (isOpen) flush();
    // A failure to open has rejected it already, being stopped while opening has not.
    else ready().catch((error: unknown) => pending.get(id)?.settle({ error: asError(error) }));
    return answer;
  }

  function request<K extends CallKind>(
    kind: K,
    payload: Payload<K>,
    isDirect: boolean,
    signal?: AbortSignal,
  ): Promise<Reply<K>> {
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      const abort = () => {
        if (entry.isSent) post({ type: 'cancel', id });
        entry.settle({ error: abortedError() });
      };
      const entry: Pending = {
        kind,
        payload,
        isDirect,
        isSent: false,
        deaths: 0,
        ticksLeft: Math.ceil(deadlineMs(kind, payload, timing) / timing.tickMs),
        settle(outcome) {
          pending.delete(id);
          signal?.removeEventListener('abort', abort);
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value as Reply<K>);
          if (REPEATABLE.has(kind)) options.onWritten('error' in outcome ? outcome.error : null);
        },
      };
      pending.set(id, entry);
      signal?.addEventListener('abort', abort);
      scheduleTick();
    });
  }

  /** Sends what waits for the worker, in the order it was asked. */
  function flush(): void {
    for (const [id, entry] of pending) {
      if (entry.isSent || !(isOpen || entry.isDirect)) continue;
      entry.isSent = true;
      try {
        post({ type: 'call', id, kind: entry.kind, payload: entry.payload } as PageMessage);
      } catch (error) {
        entry.settle({ error: uncloneable(error) });
      }
    }
  }

  function post(message: PageMessage): void {
    worker?.postMessage(message);
  }

  // -- start ----------------------------------------------------------------------------------

  function ready(): Promise<void> {
    if (isEnded) return Promise.reject(closedError());
    if (isOpen) return Promise.resolve();
    opening ??= open().finally(() => {
      opening = null;
    });
    return opening;
  }

  function expectWanted(): void {
    if (isEnded) throw closedError();
  }

  async function open(): Promise<void> {
    await stopping;
    expectWanted();
    options.onState({ state: 'opening' });
    openingFrom = clock.now();
    try {
      for (;;) {
        try {
          // First, because a worker that died meanwhile would go unnoticed.
          const payload = await describe();
          expectWanted();
          await connect();
          expectWanted();
          options.onOpened(await direct('open', payload), isDegraded);
          isOpen = true;
          break;
        } catch (error) {
          // Died while it opened: another try, within the allowance.
          if (!isVectorIndexError(error, 'worker-lost') || !mayRestart()) throw error;
        }
      }
      options.onState({ state: 'ready' });
      flush();
      openingFrom = Infinity;
    } catch (error) {
      // What ends it owns the worker.
      expectWanted();
      const reason = asError(error);
      // A worker that hangs will not open the next time either.
      if (reason.code === 'timeout') abandon();
      if (reason.code !== 'closed') fail(reason);
      throw reason;
    }
  }

  /** What to open, which may wait for a module that the app compiles. */
  function describe(): Promise<OpenPayload> {
    return new Promise((resolve, reject) => {
      const cancelTimer = afterRunning(clock, timing.tickMs, timing.openMs, () =>
        reject(noModule()),
      );
      stopDescribing = () => reject(closedError());
      options.open(isDegraded).then(resolve, reject).finally(cancelTimer);
    });
  }

  /** A worker that said hello. */
  async function connect(): Promise<void> {
    if (worker) return start?.hello;
    const current = ++generation;
    const own = startWorker(clock, timing, options.whyNotLoaded);
    try {
      worker = options.spawn();
    } catch (error) {
      own.cancel();
      throw (await startErrors()).spawnError(error);
    }
    const spawned = worker;
    start = own;
    const whileCurrent =
      <E>(run: (event: E) => void) =>
      (event: E) => {
        if (generation === current) run(event);
      };
    spawned.addEventListener(
      'message',
      whileCurrent(({ data }) => hear(parseWorkerMessage(data))),
    );
    spawned.addEventListener(
      'error',
      whileCurrent((event) => {
        if (!own.isSettled) own.failed(event);
        else lose('It stopped with an uncaught error.', event.message);
      }),
    );
    spawned.addEventListener(
      'messageerror',
      whileCurrent(() => {
        if (!own.isSettled) own.failed({});
        else lose('It sent something unreadable.');
      }),
    );
    try {
      await own.hello;
    } catch (error) {
      if (generation === current) abandon();
      throw error;
    }
  }

  async function direct<K extends CallKind>(kind: K, payload: Payload<K>): Promise<Reply<K>> {
    const answer = request(kind, payload, true);
    flush();
    return answer;
  }

  function hear(message: WorkerMessage | null): void {
    silentTicks = 0;
    if (!message) return;
    switch (message.type) {
      case 'hello':
        if (message.version === PROTOCOL_VERSION) start?.succeeded();
        else start?.wrongVersion();
        return;
      case 'reply':
        return pending.get(message.id)?.settle({ value: message.value });
      case 'failure':
        return pending.get(message.id)?.settle({ error: errorFromWire(message.error) });
      case 'figures':
        return options.onFigures(message.figures);
      case 'lost': {
        const error = errorFromWire(message.error);
        // The connection broke, and the database is there: as if the worker had died.
        if (error.code === 'storage-unavailable')
          return lose(error.what, undefined, null, 'storage');
        abandon();
        return fail(error);
      }
      case 'fatal':
        return lose(
          'The engine failed.',
          `${message.error.what} ${message.error.cause ?? ''}`,
          pending.get(message.id) ?? null,
        );
    }
  }

  // -- death ----------------------------------------------------------------------------------

  function lose(
    what: string,
    cause?: unknown,
    culprit = soleCall(),
    failed: keyof typeof restarts = 'engine',
  ): void {
    const error = new VectorIndexError(
      'worker-lost',
      `The index worker died. ${what}`,
      'Try again: it restarts by itself, and nothing acknowledged was lost.',
      cause,
    );
    const wasOpen = isOpen;
    abandon();
    for (const entry of sentCalls()) {
      if (entry === culprit && ++entry.deaths >= MOST_DEATHS) {
        entry.settle({ error: poisonous(cause) });
      } else if (REPEATABLE.has(entry.kind)) entry.isSent = false;
      else entry.settle({ error });
    }
    // While it opens, the loop in open() decides.
    if (!wasOpen) return;
    if (mayRestart(failed)) ready().catch(() => undefined);
    else fail(error);
  }

  const sentCalls = () => [...pending.values()].filter(({ isSent }) => isSent);

  /** What a worker was at that ended without a word, if that can be only one write: they queue. */
  function soleCall(): Pending | null {
    const sent = sentCalls();
    return sent.every(({ kind }) => REPEATABLE.has(kind)) ? (sent[0] ?? null) : null;
  }

  function mayRestart(failed: keyof typeof restarts = 'engine'): boolean {
    const now = clock.now();
    const recent = restarts[failed].filter((at) => at >= Math.min(now - 60_000, openingFrom));
    restarts[failed] = recent;
    if (recent.length >= timing.maxRestarts) {
      // Without the engine a connection is lost as often.
      if (isDegraded || failed === 'storage') return false;
      isDegraded = true;
      recent.length = 0;
    }
    recent.push(now);
    return true;
  }

  /** Lets go of the worker without a word to anybody. */
  function abandon(): void {
    generation++;
    isOpen = false;
    silentTicks = 0;
    stopDescribing?.();
    stopDescribing = null;
    start?.cancel();
    start = null;
    worker?.terminate();
    worker = null;
  }

  function fail(error: VectorIndexError): void {
    options.onState({ state: 'error', error });
    rejectAll(error);
  }

  function rejectAll(error: VectorIndexError): void {
    for (const [id, entry] of [...pending]) {
      if (entry.isSent) post({ type: 'cancel', id });
      entry.settle({ error });
    }
  }

  // -- time -----------------------------------------------------------------------------------

  function scheduleTick(): void {
    cancelTick ??= clock.after(timing.tickMs, () => {
      cancelTick = null;
      tick();
      if (pending.size > 0) scheduleTick();
    });
  }

  function tick(): void {
    let isWaiting = false;
    for (const [id, entry] of [...pending]) {
      if (!entry.isSent) continue;
      isWaiting = true;
      if (--entry.ticksLeft > 0) continue;
      post({ type: 'cancel', id });
      entry.settle({ error: overdue(entry.kind, REPEATABLE.has(entry.kind)) });
    }
    if (!isWaiting || !worker) return;
    if (++silentTicks > timing.silentTicks) return lose('It does not answer.');
    // The answer belongs to no call: that it comes is all that counts.
    post({ type: 'call', id: 0, kind: 'ping', payload: {} });
  }

  // -- end ------------------------------------------------------------------------------------

  function stop(): Promise<void> {
    rejectAll(closedError());
    stopping ??= shutDown().finally(() => {
      stopping = null;
    });
    return stopping;
  }

  async function shutDown(): Promise<void> {
    isOpen = false;
    // The next worker may try the engine again.
    isDegraded = false;
    if (worker && start?.isSettled) await within(timing.stopMs, direct('close', {}));
    abandon();
    options.onState({ state: 'idle' });
  }

  /** Waits, but not for ever, and whatever comes of it. */
  function within(limitMs: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(limitMs, resolve);
      const finish = () => {
        cancel();
        resolve();
      };
      work.then(finish, finish);
    });
  }

  return {
    ready,
    call,
    async destroy() {
      isEnded = true;
      rejectAll(closedError());
      // Whose worker goes at the end of it.
      await stopping;
      const destroy = async () => {
        await connect();
        isOpen = false;
        await direct('destroy', options.database);
      };
      await destroy().catch((error: unknown) => {
        // Another tab was at the same.
        if (!isVectorIndexError(error, 'storage-lost')) throw error;
        return destroy();
      });
    },
    get isBusy() {
      return pending.size > 0 || opening !== null;
    },
    stop,
    end() {
      isEnded = true;
      return stop();
    },
  };
}
