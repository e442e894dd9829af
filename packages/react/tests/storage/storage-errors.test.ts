import { expect, test } from 'vitest';
import { VectorIndexError } from '../../src/core/errors.ts';
import { storageError } from '../../src/storage/storage-errors.ts';

const named = (name: string, inner?: unknown) => Object.assign(new Error(name), { name, inner });

test.each([
  [new DOMException('full', 'QuotaExceededError'), 'quota-exceeded'],
  // Dexie hides the reason of an abort inside it.
  [named('AbortError', new DOMException('full', 'QuotaExceededError')), 'quota-exceeded'],
  [named('BulkError', named('AbortError', named('QuotaExceededError'))), 'quota-exceeded'],
  [named('VersionError'), 'upgrade-required'],
  [named('MissingAPIError'), 'storage-unavailable'],
  [named('OpenFailedError', named('SecurityError')), 'storage-unavailable'],
  [named('OpenFailedError', named('QuotaExceededError')), 'quota-exceeded'],
  [named('DatabaseClosedError'), 'storage-unavailable'],
  [named('InvalidStateError'), 'storage-unavailable'],
  [named('DataCloneError'), 'invalid-input'],
  [named('UnknownError'), 'storage-unavailable'],
  ['a string', 'storage-unavailable'],
  [undefined, 'storage-unavailable'],
])('%s is %s', (error, code) => {
  expect(storageError(error)).toMatchObject({ name: 'VectorIndexError', code });
});

test('an error that is typed already stays as it is', () => {
  const error = new VectorIndexError('closed', 'a', 'b');
  expect(storageError(error)).toBe(error);
});
