import { VectorIndexError } from '../../core/errors.ts';
import { watchCspViolations } from './download.ts';
import { isFromWorker } from './protocol.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** One worker, from its start to its end. */
export interface Connection {
  /** Kept back until the worker listens. */
  post(message: ToWorker): void;
  /** While something is awaited, silence for this long ends the connection. `null`: nothing is. */
  watch(silenceMs: number | null): void;
  /** Terminates the worker. Nothing is reported after that. */
  stop(): void;
}

export interface ConnectionOptions {
  readonly createWorker: () => Worker;
  readonly onMessage: (message: FromWorker) => void;
  /** The worker is gone, and why. Called once, never after `stop`. */
  readonly onLost: (error: VectorIndexError) => void;
}

/** Time is counted in parts, so that a sleeping computer loses one part and not all of them. */
const partsOfSilence = 6;

/** Throws a typed error when there is no way to start a worker. */
export function startConnection({
  createWorker,
  onMessage,
  onLost,
}: ConnectionOptions): Connection {
  const csp = watchCspViolations(
    'worker-src',
    typeof document === 'undefined' ? globalThis : document,
  );
  let worker: Worker;
  try {
    worker = createWorker();
  } catch (thrown) {
    csp.stop();
    throw notCreated(thrown);
  }

  let started = false;
  let over = false;
  let held: ToWorker[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;
  let silentParts = 0;
  let watchedMs: number | null = null;

  const stop = () => {
    over = true;
    held = [];
    clearInterval(timer);
    csp.stop();
    worker.onmessage = worker.onmessageerror = worker.onerror = null;
    worker.terminate();
  };
  const lose = (error: VectorIndexError) => {
    if (over) return;
    stop();
    onLost(error);
  };

  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (over || !isFromWorker(data)) return;
    silentParts = 0;
    if (data.type === 'started' && !started) {
      started = true;
      csp.stop();
      try {
        for (const message of held) worker.postMessage(message);
      } catch (thrown) {
        lose(notPosted(thrown));
        return;
      }
      held = [];
    }
    onMessage(data);
  };
  worker.onmessageerror = () => lose(lost());
  worker.onerror = (event) => {
    // Reported by us: as a typed error to whoever waits.
    event.preventDefault();
    if (started) {
      lose(lost());
      return;
    }
    // A script error has a message; a script that could not be fetched or was refused has none.
    const message = typeof event.message === 'string' ? event.message : '';
    void csp.violated().then((violated) => lose(notStarted(violated, message)));
  };

  return {
    post(message) {
      if (over) return;
      if (started) worker.postMessage(message);
      else held.push(message);
    },
    watch(silenceMs) {
      if (over || silenceMs === watchedMs) return;
      watchedMs = silenceMs;
      clearInterval(timer);
      silentParts = 0;
      if (silenceMs === null) return;
      timer = setInterval(() => {
        if (++silentParts >= partsOfSilence) lose(silent(silenceMs, started));
      }, silenceMs / partsOfSilence);
    },
    stop,
  };
}

function notCreated(thrown: unknown): VectorIndexError {
  if (typeof Worker === 'undefined') {
    return new VectorIndexError(
      'unsupported',
      'There are no web workers here.',
      'Embed in a browser: on a server, leave it to the client.',
      thrown,
    );
  }
  return new VectorIndexError(
    'worker-load',
    "The embedder's worker could not be created.",
    'Serve its script from the same origin as the page, or pass createWorker.',
    thrown,
  );
}

function notStarted(violated: boolean, message: string): VectorIndexError {
  if (violated) {
    return new VectorIndexError(
      'csp',
      "The page's Content-Security-Policy does not let the embedder's worker start.",
      "Add 'self' to worker-src (or to script-src, where worker-src is missing).",
    );
  }
  if (message !== '') {
    return new VectorIndexError(
      'worker-load',
      "The embedder's worker stopped while its script started.",
      'The cause says why; check that what the worker imports is installed and bundled.',
      new Error(message),
    );
  }
  return new VectorIndexError(
    'worker-load',
    "The embedder's worker script could not be loaded.",
    'Look at the request for it in the network panel: a missing file (404), a page in its place (wrong MIME type) or a Content-Security-Policy on it are the usual causes.',
  );
}

function notPosted(thrown: unknown): VectorIndexError {
  return new VectorIndexError(
    'invalid-input',
    "The embedder's options cannot be sent to its worker.",
    'Pass only what the structured clone algorithm copies: no functions, no elements.',
    thrown,
  );
}

function lost(): VectorIndexError {
  return new VectorIndexError(
    'worker-lost',
    "The embedder's worker stopped.",
    'Call again: a new one is started.',
  );
}

function silent(silenceMs: number, started: boolean): VectorIndexError {
  const seconds = Math.round(silenceMs / 1000);
  return started
    ? new VectorIndexError(
        'timeout',
        `The embedder's worker was silent for ${seconds} s and was stopped.`,
        'Call again: a new one is started.',
      )
    : new VectorIndexError(
        'worker-load',
        `The embedder's worker did not start within ${seconds} s.`,
        'Check that its script is served and that the network is up, then call again.',
      );
}
