import { VectorIndexError, isVectorIndexError } from '../core/errors.ts';

/** The browser will never let this page store: not now, and not when it is asked again. */
const REFUSALS = ['MissingAPIError', 'SecurityError', 'InvalidAccessError', 'NotAllowedError'];

export function isRefusal(error: unknown): boolean {
  return [...errorsWithin(error)].some(
    ({ name, message }) =>
      (typeof name === 'string' && REFUSALS.includes(name)) ||
      // Chromium, where its user forbids sites to save data: an `UnknownError`.
      (typeof message === 'string' && message.includes('denied permission')),
  );
}

/**
 * What a failure of the database means. Dexie wraps the browser's `DOMException` (`inner`), and
 * an abort hides its reason there, so the innermost name that says something wins.
 */
export function storageError(error: unknown): VectorIndexError {
  if (isVectorIndexError(error)) return error;
  const names = [...errorNames(error)];
  const has = (...wanted: string[]) => wanted.some((name) => names.includes(name));

  if (has('QuotaExceededError', 'QuotaExceeded')) {
    return new VectorIndexError(
      'quota-exceeded',
      'The browser gives this site no more room.',
      'Remove documents or other stored data, then try again; what was stored stays.',
      error,
    );
  }
  if (has('VersionError')) {
    return new VectorIndexError(
      'upgrade-required',
      'The index was written by a newer version of the app.',
      'Reload the page to get the newer version.',
      error,
    );
  }
  if (has('MissingAPIError', 'SecurityError', 'OpenFailedError', 'InvalidAccessError')) {
    return new VectorIndexError(
      'storage-unavailable',
      'The browser does not let this page store data.',
      'Allow storage for this site, leave private browsing, or use `storage: "memory"`.',
      error,
    );
  }
  if (has('DatabaseClosedError', 'DatabaseClosed', 'InvalidStateError')) {
    return new VectorIndexError(
      'storage-unavailable',
      'The connection to the database was lost.',
      'Call ready() to open the index again; what was acknowledged stays.',
      error,
    );
  }
  if (has('DataCloneError', 'DataError')) {
    return new VectorIndexError(
      'invalid-input',
      'A document holds something that cannot be stored.',
      'Keep to values that structuredClone() copies: no functions, no DOM nodes.',
      error,
    );
  }
  return new VectorIndexError(
    'storage-unavailable',
    `The database failed (${names.at(-1) ?? 'unknown'}).`,
    'Try again; if it stays, reload the page.',
    error,
  );
}

function* errorNames(error: unknown): Generator<string> {
  for (const { name } of errorsWithin(error)) if (typeof name === 'string') yield name;
}

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly inner?: unknown;
  readonly cause?: unknown;
}

/** An error and what it wraps, outermost first. */
function* errorsWithin(error: unknown): Generator<ErrorLike> {
  for (let current: unknown = error, depth = 0; depth < 8; depth++) {
    if (typeof current !== 'object' || current === null) return;
    const { inner, cause } = current as ErrorLike;
    yield current;
    current = inner ?? cause;
  }
}
