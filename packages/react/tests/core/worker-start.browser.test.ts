import { expect, test } from 'vitest';
import { VectorIndexError } from '../../src/core/errors.ts';
import { systemClock } from '../../src/core/ports.ts';
import { spawnError } from '../../src/core/start-errors.ts';
import { DEFAULT_TIMING } from '../../src/core/supervisor-timing.ts';
import { startWorker } from '../../src/core/worker-start.ts';

/** A worker's script did not load, and then the browser reported something. */
async function failedStart(report: Partial<SecurityPolicyViolationEventInit>): Promise<unknown> {
  const start = startWorker(systemClock, DEFAULT_TIMING, () => Promise.resolve('is a teapot'));
  start.failed({});
  const init = { blockedURI: 'blob', effectiveDirective: 'worker-src', ...report };
  document.dispatchEvent(
    new SecurityPolicyViolationEvent('securitypolicyviolation', {
      disposition: 'enforce',
      documentURI: document.URL,
      originalPolicy: '',
      statusCode: 0,
      violatedDirective: init.effectiveDirective,
      ...init,
    }),
  );
  return start.hello.catch((error: unknown) => error);
}

test.each([
  ['blob', "`worker-src 'self' blob:`"],
  [`${location.origin}/assets/entry.js`, "`worker-src 'self'`"],
  ['https://cdn.example/assets/entry.js', '`worker-src https://cdn.example`'],
])('a policy that refuses %s is told what to list', async (blockedURI, directive) => {
  expect(await failedStart({ blockedURI })).toMatchObject({
    code: 'csp',
    hint: expect.stringContaining(directive) as string,
  });
});

test.each([
  ['what is only reported', { disposition: 'report' as const }],
  ['an image', { effectiveDirective: 'img-src' }],
  ['an inline script', { effectiveDirective: 'script-src-elem', blockedURI: 'inline' }],
  ['WebAssembly of the page', { effectiveDirective: 'script-src', blockedURI: 'wasm-eval' }],
])('%s does not count as the reason', async (_, report) => {
  expect(await failedStart(report)).toMatchObject({
    code: 'worker-load',
    what: 'The script of the index worker is a teapot.',
  });
});

test('what would look for the reason may be out of reach too', async () => {
  const start = startWorker(systemClock, DEFAULT_TIMING, () =>
    Promise.reject(new TypeError('offline')),
  );
  start.failed({});
  await expect(start.hello).rejects.toMatchObject({
    code: 'worker-load',
    what: 'The script of the index worker did not load.',
  });
});

test.each([
  ['TypeError', "This document requires 'TrustedScriptURL' assignment.", 'csp'],
  ['SecurityError', 'Access is denied by the Content Security Policy.', 'csp'],
  ['SecurityError', "Script at 'a' cannot be accessed from origin 'b'.", 'worker-load'],
  ['SyntaxError', 'Not an address.', 'worker-load'],
])('a %s of the constructor: %s', (name, message, code) => {
  const thrown = Object.assign(new Error(message), { name });
  const error = spawnError(thrown);
  expect(error).toBeInstanceOf(VectorIndexError);
  expect(error).toMatchObject({ code, cause: thrown });
});
