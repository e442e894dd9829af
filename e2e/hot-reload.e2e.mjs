/**
 * A real development server, whose files are edited while the page is open: components and the module of the
 * embedder run again and again, and the page has one worker all the time. With AKIN_RELOADS more of
 * them, and what is left when the app is gone.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';
import { launch } from './driver/index.mjs';

/* global window, document, navigator, indexedDB */

const root = fileURLToPath(new URL('..', import.meta.url));
const isLong = process.env.AKIN_RELOADS !== undefined;
const reloads = Number(process.env.AKIN_RELOADS ?? 6);
/** The grace period, and as much again. */
const graceMs = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'akin-hot-reload-'));
const app = join(folder, 'app');
/** @type {import('vite').ViteDevServer} */
let server;
/** @type {import('./driver/index.mjs').Browser} */
let browser;

before(async () => {
  cpSync(join(root, 'e2e', 'hot-reload'), app, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'), 'junction');
  server = await createServer({
    configFile: false,
    root: app,
    cacheDir: join(folder, 'cache'),
    logLevel: 'error',
    plugins: [react()],
    server: { host: '127.0.0.1', port: 0, fs: { allow: [root, app] } },
    // Found later, they would reload the whole page.
    optimizeDeps: {
      include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', '@tanstack/react-query'],
    },
  });
  await server.listen();
  browser = await launch({ engine: 'chromium', profile: join(folder, 'profile') });
});

after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** @param {string} name @param {number} edition */
function edit(name, edition) {
  const path = join(app, name);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/edition = \d+/, `edition = ${edition}`));
}

/** What the page holds: `window.held` of hot-reload/held.js, and locks of the whole origin. */
const held = () =>
  browser.page.evaluate(async () => {
    const { workers, mostWorkers, channels } = /** @type {any} */ (window).held;
    const { held: locks = [], pending = [] } = await navigator.locks.query();
    return {
      workers: workers.size,
      mostWorkers,
      channels: channels.size,
      locks: [...locks, ...pending].filter(({ name }) => name?.startsWith('akin')).length,
    };
  });

/** @param {string} start */
const shows = (start) =>
  browser.page.waitFor(
    (text) => document.querySelector('#found')?.textContent === text,
    `${start}: apples`,
    { timeoutMs: 30_000 },
  );

test(`${reloads} hot reloads keep one worker`, async () => {
  const { page } = browser;
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  await shows('0/0');
  await page.evaluate(() => void Object.assign(window, { isSamePage: true }));

  let ofApp = 0;
  let ofEmbedder = 0;
  for (let at = 1; at <= reloads; at++) {
    // In turn the component, and what it imports.
    if (at % 2 === 1) edit('app.tsx', (ofApp = at));
    else edit('embedder.ts', (ofEmbedder = at));
    await shows(`${ofApp}/${ofEmbedder}`);
  }

  assert.equal(await page.evaluate(() => 'isSamePage' in window), true, 'the page was reloaded');
  const { locks, ...others } = await held();
  assert.deepEqual(others, { workers: 1, mostWorkers: 1, channels: 0 });
  assert.ok(locks <= 1);
  assert.deepEqual(browser.errors, []);
});

if (isLong)
  test('without the app nothing is left', async () => {
    const { page } = browser;
    await page.evaluate(() => /** @type {any} */ (window).unmount());
    await page.waitFor(() => /** @type {any} */ (window).held.workers.size === 0, undefined, {
      timeoutMs: graceMs,
    });
    assert.deepEqual(await held(), { workers: 0, mostWorkers: 1, channels: 0, locks: 0 });
    const outcome = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const request = indexedDB.deleteDatabase('akin/hot-reload');
          request.onsuccess = () => resolve('deleted');
          request.onblocked = () => resolve('blocked');
          request.onerror = () => resolve('failed');
        }),
    );
    assert.equal(outcome, 'deleted');
  });
