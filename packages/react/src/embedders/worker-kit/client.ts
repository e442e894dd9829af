import { VectorIndexError, abortedError, errorFromWire } from '../../core/errors.ts';
import type { EmbedOptions, Embedder, Embedding } from '../../core/types.ts';
import type { FromWorker, WireResult } from './protocol.ts';
import { startConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { createLoadStatus } from './status.ts';

/** A model that runs in a worker. */
export interface WorkerEmbedderOptions {
  /** Names the vector space: see {@link Embedder.id}. */
  readonly id: string;
  readonly dimensions: number;
  /**
   * Starts the worker. Write `new Worker(new URL('./my-worker.js', import.meta.url), { type:
   * 'module' })` literally, so that bundlers see it.
   */
  readonly createWorker: () => Worker;
  /**
   * What the worker's `load` gets: anything that can be posted. A function is called when the
   * worker starts (resolve URLs in it, so that nothing happens while rendering on a server).
   */
  readonly init?: unknown;
  /** A worker that says nothing for this long about a text is replaced. Default 60 000. */
  readonly silenceMs?: number | undefined;
  /** The same while the model loads. Default 180 000. */
  readonly loadSilenceMs?: number | undefined;
}

interface Call {
  readonly firstId: number;
  readonly results: (Embedding | undefined)[];
  missing: number;
  readonly resolve: (embeddings: readonly Embedding[]) => void;
  readonly reject: (error: VectorIndexError) => void;
  readonly release: () => void;
}

interface LoadWaiter {
  readonly resolve: () => void;
  readonly reject: (error: VectorIndexError) => void;
  readonly release: () => void;
}

/**
 * An embedder whose model runs in a worker of its own. Nothing starts before the first `embed` or
 * `load`, so it can be created anywhere, on a server too.
 *
 * Texts are embedded one at a time, queries first. A worker that dies or falls silent is replaced
 * at the next call; what it owed is rejected.
 *
 * @example
 * ```ts
 * import { createWorkerEmbedder } from '@akin/react/embedders/worker';
 *
 * export const myModel = createWorkerEmbedder({
 *   id: 'my-model@1',
 *   dimensions: 384,
 *   createWorker: () =>
 *     new Worker(new URL('./my-model-worker.js', import.meta.url), { type: 'module' }),
 *   // Resolved when the worker starts: a server has no document.
 *   init: () => ({ modelUrl: new URL('/my-model.bin', document.baseURI).href }),
 * });
 * ```
 */
export function createWorkerEmbedder(options: WorkerEmbedderOptions): Required<Embedder> {
  const { id, dimensions, createWorker, init } = options;
  const { silenceMs = 60_000, loadSilenceMs = 180_000 } = options;

  const status = createLoadStatus();
  let connection: Connection | undefined;
  let ready = false;
  let nextId = 0;
  /** The calls that wait, by the id of each of their texts. */
  const callsById = new Map<number, Call>();
  const calls = new Set<Call>();
  const loadWaiters = new Set<LoadWaiter>();

  /** Ends the worker and settles everything that waits for it. */
  const end = (error: VectorIndexError, next: 'idle' | 'error') => {
    connection?.stop();
    connection = undefined;
    ready = false;
    const settled = [...calls, ...loadWaiters];
    calls.clear();
    callsById.clear();
    loadWaiters.clear();
    for (const { release, reject } of settled) {
      release();
      reject(error);
    }
    status.set(next === 'idle' ? { state: 'idle' } : { state: 'error', error });
  };

  const watchSilence = () => {
    if (!ready) connection?.watch(loadSilenceMs);
    else connection?.watch(callsById.size > 0 ? silenceMs : null);
  };

  const onMessage = (message: FromWorker) => {
    switch (message.type) {
      case 'started':
        break;
      case 'progress':
        status.progress(message.loadedBytes, message.totalBytes);
        break;
      case 'ready':
        ready = true;
        status.set({ state: 'ready' });
        for (const { release, resolve } of loadWaiters) {
          release();
          resolve();
        }
        loadWaiters.clear();
        break;
      case 'load-failed':
        end(errorFromWire(message.error), 'error');
        break;
      case 'results':
        for (const result of message.results) take(result);
        break;
      case 'broken':
        end(replaced(errorFromWire(message.error)), 'error');
        break;
    }
    watchSilence();
  };

  const take = (result: WireResult) => {
    const call = callsById.get(result.id);
    // Cancelled while it was being embedded.
    if (call === undefined) return;
    callsById.delete(result.id);
    if ('error' in result) {
      settle(call);
      call.reject(errorFromWire(result.error));
      return;
    }
    const { vector, truncated } = result;
    if (vector.length !== dimensions) {
      settle(call);
      call.reject(
        new VectorIndexError(
          'dimension-mismatch',
          `The model gave ${vector.length} dimensions where ${dimensions} were announced.`,
          "Set the embedder's dimensions to those of its model.",
        ),
      );
      return;
    }
    call.results[result.id - call.firstId] = { vector, truncated };
    if (--call.missing > 0) return;
    settle(call);
    call.resolve(call.results as Embedding[]);
  };

  /** Forgets a call, and takes those of its texts that still wait out of the worker's queue. */
  const settle = (call: Call) => {
    call.release();
    calls.delete(call);
    if (call.missing === 0) return;
    const ids: number[] = [];
    for (let i = 0; i < call.results.length; i++) {
      if (callsById.delete(call.firstId + i)) ids.push(call.firstId + i);
    }
    if (ids.length > 0) connection?.post({ type: 'cancel', ids });
  };

  /** Starts the worker and its load, unless it runs. Throws what `startConnection` throws. */
  const start = (): Connection => {
    if (connection !== undefined) return connection;
    let value: unknown;
    try {
      value = typeof init === 'function' ? (init as () => unknown)() : init;
      connection = startConnection({
        createWorker,
        onMessage,
        onLost: (error) => {
          // A worker that dies while nobody waits is no failure: the next call starts another.
          const missed = !ready || calls.size > 0 || loadWaiters.size > 0;
          end(error, missed ? 'error' : 'idle');
        },
      });
    } catch (thrown) {
      const error = startFailure(thrown);
      end(error, 'error');
      throw error;
    }
    const started = connection;
    started.post({ type: 'load', init: value });
    watchSilence();
    status.set({ state: 'loading', loadedBytes: 0, totalBytes: null });
    return started;
  };

  return {
    id,
    dimensions,
    status: { get: () => status.get(), subscribe: (listener) => status.subscribe(listener) },

    embed(texts, { purpose, signal }: EmbedOptions) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) throw abortedError('The embedding was cancelled.');
        // A copy: what the caller does to the array afterwards must not change what is embedded.
        const own = [...texts];
        if (!own.every((text) => typeof text === 'string')) {
          throw new VectorIndexError(
            'invalid-input',
            'Something other than a string was given to be embedded.',
            'Pass an array of strings.',
          );
        }
        if (own.length === 0) {
          resolve([]);
          return;
        }
        const running = start();
        const firstId = nextId;
        nextId += own.length;
        const abort = () => {
          settle(call);
          reject(abortedError('The embedding was cancelled.'));
          watchSilence();
        };
        const call: Call = {
          firstId,
          results: new Array<Embedding | undefined>(own.length),
          missing: own.length,
          resolve,
          reject,
          release: () => signal?.removeEventListener('abort', abort),
        };
        signal?.addEventListener('abort', abort);
        calls.add(call);
        own.forEach((_, i) => callsById.set(firstId + i, call));
        running.post({
          type: 'embed',
          purpose,
          texts: own.map((text, i) => ({ id: firstId + i, text })),
        });
        watchSilence();
      });
    },

    load({ signal } = {}) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) throw abortedError('The loading was cancelled.');
        if (ready) {
          resolve();
          return;
        }
        start();
        const abort = () => {
          waiter.release();
          loadWaiters.delete(waiter);
          reject(abortedError('The loading was cancelled.'));
          // Others that wait for the model keep the load going.
          if (!ready && loadWaiters.size === 0 && calls.size === 0) end(abortedError(), 'idle');
        };
        const waiter: LoadWaiter = {
          resolve,
          reject,
          release: () => signal?.removeEventListener('abort', abort),
        };
        signal?.addEventListener('abort', abort);
        loadWaiters.add(waiter);
      });
    },

    close() {
      end(
        new VectorIndexError(
          'closed',
          'The embedder was closed.',
          'Call embed again: it loads its model anew.',
        ),
        'idle',
      );
    },
  };
}

function startFailure(thrown: unknown): VectorIndexError {
  if (thrown instanceof VectorIndexError) return thrown;
  return new VectorIndexError(
    'invalid-input',
    "The embedder's options could not be read.",
    'Check the addresses among them.',
    thrown,
  );
}

/** What the texts that waited behind the one that broke the model are told. */
function replaced(cause: VectorIndexError): VectorIndexError {
  return new VectorIndexError(
    'worker-lost',
    'The model broke on another text and was stopped.',
    'Call again: a new one is started.',
    cause,
  );
}
