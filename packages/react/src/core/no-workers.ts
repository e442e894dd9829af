import { VectorIndexError } from './errors.ts';

/** As on a server. */
export function noWorkers(cause?: unknown): VectorIndexError {
  return new VectorIndexError(
    'unsupported',
    'There are no web workers here.',
    'Use the index in a browser; on a server, render without results.',
    cause,
  );
}
