import { VectorIndexError, errorToWire } from '../../core/errors.ts';
import type { Embedding } from '../../core/types.ts';
import { loadFailure, textFailure } from './failures.ts';
import { isToWorker } from './protocol.ts';
import type { FromWorker, Purpose, WireResult, WireText } from './protocol.ts';
import { createTextQueue } from './text-queue.ts';

/** A model that is ready. */
export interface LoadedModel {
  /**
   * Embeds one text. Called for one text at a time, so that a query never waits for more than the
   * text before it. An empty text is a text like any other.
   */
  embed(text: string, options: { readonly purpose: Purpose }): Embedding | Promise<Embedding>;
}

/** What a model that is being loaded can tell. */
export interface LoadContext {
  /** Bytes received so far, and in all (`null` while unknown). Call it as often as you like. */
  readonly onProgress: (loadedBytes: number, totalBytes: number | null) => void;
}

/** A model that a worker serves. */
export interface EmbedderModel<Init> {
  /** Called once a worker, with what the page gave as `init`. */
  load(init: Init, context: LoadContext): Promise<LoadedModel>;
}

/** The part of a worker's global scope that serving needs. */
export interface WorkerPort {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const progressIntervalMs = 100;
const flushIntervalMs = 25;

/**
 * Makes a worker's script serve `createWorkerEmbedder`.
 *
 * @example
 * ```ts
 * // my-model-worker.ts
 * import { downloadFiles, serveEmbedder, toUnitLength } from '@akin/react/embedders/worker';
 *
 * serveEmbedder<{ modelUrl: string }>({
 *   async load({ modelUrl }, { onProgress }) {
 *     const [bytes] = await downloadFiles([{ url: modelUrl, name: 'model' }], onProgress);
 *     // Instead of a model: the first 64 letters, weighted by the file.
 *     const embed = (text: string) => {
 *       const vector = Float32Array.from({ length: 64 }, (_, at) => {
 *         return (text.charCodeAt(at) || 0) * (bytes[at] ?? 1);
 *       });
 *       return { vector: toUnitLength(vector), truncated: text.length > 64 };
 *     };
 *     return { embed };
 *   },
 * });
 * ```
 */
export function serveEmbedder<Init>(
  model: EmbedderModel<Init>,
  port: WorkerPort = globalThis as unknown as WorkerPort,
): void {
  const queue = createTextQueue();
  let loaded: LoadedModel | undefined;
  let loading = false;
  let embedding = false;
  let results: WireResult[] = [];
  let flushedAt = 0;

  const post = (message: FromWorker, transfer: Transferable[] = []) => {
    port.postMessage(message, transfer);
  };

  const flush = () => {
    flushedAt = performance.now();
    if (results.length === 0) return;
    const sent = results;
    results = [];
    post(
      { type: 'results', results: sent },
      sent.flatMap((result) => ('vector' in result ? [result.vector.buffer] : [])),
    );
  };

  const load = async (init: unknown) => {
    if (loading || loaded !== undefined) return;
    loading = true;
    try {
      loaded = await model.load(init as Init, { onProgress: throttledProgress(post) });
      post({ type: 'ready' });
    } catch (thrown) {
      post({ type: 'load-failed', error: errorToWire(loadFailure(thrown)) });
    } finally {
      loading = false;
    }
    await embedWaiting();
  };

  const embedWaiting = async () => {
    if (embedding) return;
    embedding = true;
    while (loaded !== undefined) {
      const next = queue.take();
      if (next === undefined) break;
      const { result, broken } = await embedText(loaded, next.text, next.purpose);
      results.push(result);
      if (broken !== undefined) {
        loaded = undefined;
        flush();
        post({ type: 'broken', error: errorToWire(broken) });
        break;
      }
      if (next.purpose === 'query' || performance.now() - flushedAt >= flushIntervalMs) flush();
      await messagesIn();
    }
    embedding = false;
    flush();
  };

  port.addEventListener('message', ({ data }) => {
    if (!isToWorker(data)) return;
    switch (data.type) {
      case 'load':
        void load(data.init);
        break;
      case 'embed':
        queue.push(data.purpose, data.texts);
        void embedWaiting();
        break;
      case 'cancel':
        queue.remove(data.ids);
        break;
    }
  });
  post({ type: 'started' });
}

async function embedText(
  model: LoadedModel,
  { id, text }: WireText,
  purpose: Purpose,
): Promise<{ result: WireResult; broken: VectorIndexError | undefined }> {
  try {
    const { vector, truncated } = await model.embed(text, { purpose });
    // A view on a model's memory must not take that memory along when it is transferred.
    const owned = vector.byteLength === vector.buffer.byteLength ? vector : vector.slice();
    if (!owned.every(Number.isFinite)) {
      throw new VectorIndexError(
        'embed-failed',
        'The model gave a vector that is not made of finite numbers.',
        'Try another precision (dtype) or device.',
      );
    }
    return { result: { id, vector: owned, truncated }, broken: undefined };
  } catch (thrown) {
    const { error, broken } = textFailure(thrown);
    return { result: { id, error: errorToWire(error) }, broken: broken ? error : undefined };
  }
}

/** At most ten messages a second, and always the last. */
function throttledProgress(post: (message: FromWorker) => void): LoadContext['onProgress'] {
  let sentAt = -Infinity;
  return (loadedBytes, totalBytes) => {
    const now = performance.now();
    if (now - sentAt < progressIntervalMs && loadedBytes !== totalBytes) return;
    sentAt = now;
    post({ type: 'progress', loadedBytes, totalBytes });
  };
}

/** Resolves after the messages that have arrived by now: a task of its own, without a delay. */
function messagesIn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
