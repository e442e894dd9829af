/**
 * A Vite build under Content Security Policies: with the files of the package, and with the worker inline.
 * Each answers, or says which directive is missing. Also the other ways in which a server can be wrong.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, serve } from '../driver/index.mjs';
import { createApp } from './app.mjs';
import { bundlerNamed } from './bundlers.mjs';
import { policies } from './policies.mjs';
import { record } from './records.mjs';
import { visit } from './visit.mjs';

/** @typedef {import('./app.mjs').Entry} Entry */

describe('a build', () => {
  /** @type {string} */
  let folder;
  /** @type {import('../driver/index.mjs').Browser} */
  let browser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'akin-packaging-'));
    const app = await createApp('vite-8');
    try {
      for (const entry of /** @type {Entry[]} */ (['plain', 'inline'])) {
        await app.use(entry);
        await app.exec(bundlerNamed('vite-8').build);
        await cp(join(app.folder, 'dist'), join(folder, entry), { recursive: true });
      }
    } finally {
      await app.remove();
    }
    browser = await launch({ engine: 'chromium', profile: join(folder, 'profile') });
  });

  after(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /**
   * @param {string} build
   * @param {(path: string) => Record<string, string>} [headers]
   */
  async function look(build, headers) {
    const server = await serve(join(folder, build), { headers });
    try {
      return await visit(browser, server.url);
    } finally {
      await server.close();
    }
  }

  for (const { name, page, files, missing } of policies) {
    for (const entry of /** @type {Entry[]} */ (['plain', 'inline'])) {
      const directive = missing[entry];
      test(`${entry} under ${name} ${directive ? 'says what is missing' : 'answers'}`, async () => {
        const seen = await look(entry, (path) => {
          const policy = path === '/' ? page : files;
          return policy ? { 'Content-Security-Policy': policy } : {};
        });
        record({ kind: 'policy', name, entry, result: seen.failure?.code ?? 'ok' });
        if (directive) {
          assert.equal(seen.failure?.code, 'csp');
          assert.ok(seen.failure.message.includes(directive), seen.failure.message);
        } else {
          assert.equal(seen.failure, undefined);
          assert.equal(seen.answer, 'south');
          assert.deepEqual(seen.errors, []);
        }
      });
    }
  }

  test('on a page that is cross-origin isolated says that the worker is not', async () => {
    const isolated = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    };
    const { failure } = await look('plain', (path) => (path === '/' ? isolated : {}));
    assert.equal(failure?.code, 'worker-load');
    assert.match(failure.message, /Cross-Origin-Embedder-Policy/);
  });

  /** What is deployed is not always what was built. */
  for (const { what, file, change, code, says } of [
    { what: 'worker', file: /^entry-.*\.js$/, change: 'remove', code: 'worker-load', says: /404/ },
    { what: 'WASM', file: /\.wasm$/, change: 'remove', code: 'wasm-load', says: /404/ },
    {
      what: 'WASM',
      file: /\.wasm$/,
      change: '<!doctype html>',
      code: 'wasm-load',
      says: /compiled/,
    },
  ]) {
    const how = change === 'remove' ? 'without its' : 'with something else as its';
    test(`${how} ${what} says so`, async () => {
      const copy = join(folder, 'copy');
      await rm(copy, { recursive: true, force: true });
      await cp(join(folder, 'plain'), copy, { recursive: true });
      const name = (await readdir(join(copy, 'assets'))).find((found) => file.test(found));
      assert.ok(name);
      const path = join(copy, 'assets', name);
      await (change === 'remove' ? rm(path) : writeFile(path, change));
      const { failure } = await look('copy');
      assert.equal(failure?.code, code);
      assert.match(failure.message, says);
    });
  }
});
