/**
 * The packed package in an app of each bundler: its development server and its build give an answer in
 * Chromium, without a word of configuration about workers or WebAssembly, and without a complaint in the
 * console. `AKIN_BUNDLER=vite-8` tries one of them.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, serve } from '../driver/index.mjs';
import { createApp } from './app.mjs';
import { bundlerNamed, bundlers } from './bundlers.mjs';
import { record } from './records.mjs';
import { visit } from './visit.mjs';

/**
 * @typedef {import('./app.mjs').BundlerApp} App
 * @typedef {import('./app.mjs').Entry} Entry
 * @typedef {import('./app.mjs').Server} Server
 * @typedef {import('./bundlers.mjs').Bundler} Bundler
 * @typedef {import('./bundlers.mjs').Mode} Mode
 */

const named = process.env.AKIN_BUNDLER;

for (const bundler of named ? [bundlerNamed(named)] : bundlers) {
  const { name, title, version, fails } = bundler;
  describe(`${title} ${version}`, () => {
    /** @type {App} */
    let app;
    /** @type {string} */
    let profile;
    /** @type {import('../driver/index.mjs').Browser} */
    let browser;

    before(async () => {
      app = await createApp(name);
      profile = await mkdtemp(join(tmpdir(), 'akin-packaging-'));
      browser = await launch({ engine: 'chromium', profile });
    });

    after(async () => {
      await browser?.close();
      await app?.remove();
      if (profile) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    });

    for (const mode of /** @type {Mode[]} */ (['dev', 'build'])) {
      const failure = fails[mode];
      const what = mode === 'dev' ? 'the development server' : 'the build';
      test(`${what} ${failure ? 'says what it cannot do' : 'answers'}`, async () => {
        await inMode('plain', mode, async ({ url }) => {
          const seen = await visit(browser, url);
          record({
            kind: 'bundler',
            name,
            entry: 'plain',
            mode,
            result: seen.failure?.code ?? 'ok',
          });
          if (!failure) return assertAnswer(seen);
          assert.equal(seen.failure?.code, 'worker-load');
          assert.match(seen.failure.message, new RegExp(failure));
          assert.match(seen.failure.message, /@akin\/react\/inline/);
        });
      });
    }

    if (Object.keys(fails).length > 0) {
      for (const mode of /** @type {Mode[]} */ (['dev', 'build'])) {
        test(`with the worker inline, ${mode} answers`, async () => {
          await inMode('inline', mode, async ({ url }) => {
            const seen = await visit(browser, url);
            record({
              kind: 'bundler',
              name,
              entry: 'inline',
              mode,
              result: seen.failure?.code ?? 'ok',
            });
            assertAnswer(seen);
          });
        });
      }
    }

    /**
     * @param {Entry} entry
     * @param {Mode} mode
     * @param {(server: Server) => Promise<void>} look
     */
    async function inMode(entry, mode, look) {
      await app.use(entry);
      const server = mode === 'dev' ? await app.start(bundler.dev) : await serveBuild(app, bundler);
      try {
        if (bundler.start) await assertShell(server.url);
        await look(server);
      } finally {
        await server.close();
      }
    }
  });
}

/** @param {App} app @param {Bundler} bundler @returns {Promise<Server>} */
async function serveBuild(app, { build, start }) {
  await app.exec(build);
  if (start) return app.start(start);
  const dist = join(app.folder, 'dist');
  // Not all of them copy it; the script is theirs.
  await cp(join(app.folder, 'public'), dist, { recursive: true, force: false });
  return serve(dist);
}

/** @param {import('./visit.mjs').Visit} seen */
function assertAnswer({ answer, failure, errors }) {
  assert.equal(failure, undefined);
  assert.equal(answer, 'south');
  assert.deepEqual(errors, []);
}

/**
 * A server renders the page as it is before there is an index. That the browser takes it over without a
 * complaint is in the console.
 * @param {string} url
 */
async function assertShell(url) {
  const html = await (await fetch(url)).text();
  assert.match(html, /<h1>Which way\?<\/h1><p id="answer">Nobody knows yet<\/p>/);
}
