import { expect, test } from 'vitest';
import { errorFromWire, errorToWire, VectorIndexError } from '../../src/core/errors.ts';
import { parsePageMessage, parseWorkerMessage } from '../../src/core/protocol.ts';

test.each([
  null,
  undefined,
  'call',
  {},
  { type: 'call', id: 1, kind: 'put' },
  { type: 'call', id: '1', kind: 'ping', payload: {} },
  { type: 'call', id: 1, kind: 'toString', payload: {} },
  { type: 'cancel' },
  { id: 1 },
])('the worker passes over %j', (message) => {
  expect(parsePageMessage(message)).toBeNull();
});

test('the worker reads what is meant for it', () => {
  const call = { type: 'call', id: 1, kind: 'ping', payload: {} };
  expect(parsePageMessage(call)).toEqual(call);
  expect(parsePageMessage({ type: 'cancel', id: 3, more: 1 })).toEqual({ type: 'cancel', id: 3 });
});

test.each([
  null,
  'hello',
  { type: 'hello' },
  { type: 'reply', value: 1 },
  { type: 'failure', id: 1, error: { code: 'timeout' } },
  { type: 'failure', id: 1 },
  { type: 'fatal' },
  { type: 'figures' },
  // Development servers and extensions talk to workers too.
  { type: 'vite:ping' },
])('the page passes over %j', (message) => {
  expect(parseWorkerMessage(message)).toBeNull();
});

test('an error survives the way', () => {
  const error = new VectorIndexError('timeout', 'What.', 'Hint.', new TypeError('why'));
  const wire = structuredClone(errorToWire(error));
  const message = parseWorkerMessage({ type: 'failure', id: 1, error: wire });
  expect(message).toMatchObject({ type: 'failure', id: 1 });
  const back = errorFromWire(wire);
  expect(back).toBeInstanceOf(VectorIndexError);
  expect(back).toMatchObject({ code: 'timeout', message: 'What. Hint.', cause: 'TypeError: why' });
});
