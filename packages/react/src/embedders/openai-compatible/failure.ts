import { VectorIndexError } from '../../core/errors.ts';

/** A try that failed, and whether another may succeed. Never holds a text, a key or an answer. */
export class TryFailure extends Error {
  readonly error: VectorIndexError;
  readonly again: boolean;
  /** What the server asked to wait. */
  readonly waitMs: number | undefined;

  constructor(error: VectorIndexError, again: boolean, waitMs?: number) {
    super(error.message);
    this.error = error;
    this.again = again;
    this.waitMs = waitMs;
  }
}

export function statusFailure(response: Response): TryFailure {
  const { status } = response;
  const again = status === 408 || status === 429 || status >= 500;
  return new TryFailure(
    new VectorIndexError(
      'embed-failed',
      `The embedding server answered with status ${status}.`,
      hintOf(status),
    ),
    again,
    retryAfterMs(response.headers.get('retry-after')),
  );
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return 'Check the key and what it may do.';
  if (status === 404) return 'Check the address and that the server has the model.';
  if (status === 400 || status === 413 || status === 422) {
    return 'Check the model, and that no text is longer than it reads.';
  }
  if (status === 429) return 'The server asks for fewer requests: wait, then call again.';
  return 'Call again later.';
}

export function networkFailure(): TryFailure {
  return new TryFailure(
    new VectorIndexError(
      'embed-failed',
      'The embedding server could not be reached.',
      "Check that it runs, that it allows this page's origin (CORS) and that the Content-Security-Policy has it in connect-src.",
    ),
    true,
  );
}

export function timeoutFailure(timeoutMs: number): TryFailure {
  return new TryFailure(
    new VectorIndexError(
      'timeout',
      `The embedding server did not answer within ${Math.round(timeoutMs / 1000)} s.`,
      'Check the server, lower maxBatch or raise timeoutMs, then call again.',
    ),
    true,
  );
}

export function answerFailure(
  what: string,
  hint = 'Check that the address leads to an OpenAI-compatible API.',
): TryFailure {
  return new TryFailure(new VectorIndexError('embed-failed', what, hint), false);
}

/** Seconds, or a date. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
