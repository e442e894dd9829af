/** What browsers do to storage: little room, private windows, old connections, deletion, refusal. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from '../../driver/index.mjs';
import { ask, openPage } from '../../storage/index-page.mjs';

/* global window, indexedDB */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sizes = Number(process.env.AKIN_SIZES ?? 30);

/** @type {import('../../driver/server.mjs').TestServer} */
let server;
before(async () => {
  server = await serve(root);
});
after(() => server.close());

/**
 * @param {Omit<import('../../driver/index.mjs').LaunchOptions, 'profile'>} options
 * @param {(browser: import('../../driver/index.mjs').Browser) => Promise<void>} run
 */
async function inChromium(options, run) {
  const profile = mkdtempSync(join(tmpdir(), 'akin-limits-'));
  const browser = await launch({ engine: 'chromium', profile, ...options });
  try {
    await run(browser);
  } finally {
    await browser.close().catch(() => undefined);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

test(`${sizes} sizes of quota`, async (t) => {
  await inChromium({}, async (browser) => {
    const tab = browser.page;
    let refused = 0;
    for (let at = 0; at < sizes; at++) {
      // From 100 KB, where not even the database fits, to 10 MB.
      const bytes = Math.round(100_000 * 100 ** (at / Math.max(1, sizes - 1)));
      // Chromium remembers for half a minute how much room a site has, so each size has one of its own.
      const site = server.url.replace('127.0.0.1', `quota-${at}.localhost`);
      await browser.setQuota(site, bytes);
      await openPage(tab, server, { site });
      const { acknowledged, code, ms, storage } = await ask(tab, 'fill', {
        first: 0,
        count: 3_200,
      });
      if (code !== null) {
        refused++;
        assert.equal(code, 'quota-exceeded', `${bytes} bytes`);
        assert.ok(ms < 5_000, `refused after ${ms} ms`);
        assert.equal(storage.full, true);
      }
      // What was acknowledged can be found while nothing can be written.
      if (acknowledged > 0) assert.ok(await ask(tab, 'isComplete', acknowledged), `${bytes} bytes`);
      await browser.setQuota(site, null);
      const later = await ask(tab, 'fill', { first: acknowledged, count: 64 });
      assert.deepEqual([later.code, later.storage.full], [null, false], `${bytes} bytes`);
      await openPage(tab, server, { site });
      assert.ok(await ask(tab, 'isComplete', acknowledged + 64), `${bytes} bytes`);
      await ask(tab, 'destroy');
    }
    t.diagnostic(`${refused} of ${sizes} were too small`);
    assert.ok(refused > sizes / 2);
  });
});

test('a private window', () =>
  inChromium({ incognito: true }, async ({ page: tab }) => {
    await openPage(tab, server, { name: 'private' });
    assert.equal((await ask(tab, 'fill', { first: 0, count: 64 })).code, null);
    await openPage(tab, server, { name: 'private' });
    assert.ok(await ask(tab, 'isComplete', 64), 'as long as the window is open');
    const { kind, ephemeral, persisted } = await ask(tab, 'storage');
    assert.deepEqual({ kind, ephemeral }, { kind: 'indexeddb', ephemeral: false });
    assert.notEqual(persisted, true);
  }));

test('a browser that lets no page store', () =>
  inChromium({ blocksStorage: true }, async ({ page: tab }) => {
    await openPage(tab, server, { name: 'refused' });
    assert.equal((await ask(tab, 'fill', { first: 0, count: 64 })).code, null);
    assert.ok(await ask(tab, 'isComplete', 64));
    const { ephemeral, persisted } = await ask(tab, 'storage');
    assert.deepEqual({ ephemeral, persisted }, { ephemeral: true, persisted: false });
  }));

test('an old connection that stands in the way of an upgrade', () =>
  inChromium({}, async (browser) => {
    const old = browser.page;
    await old.goto(`${server.url}e2e/storage/page.html?name=other`);
    await old.evaluate(
      () =>
        new Promise((resolve, reject) => {
          // The version before, by a tab that hears nothing.
          const request = indexedDB.open('akin/upgraded', 10);
          request.onupgradeneeded = () => {
            const { result } = request;
            result.createObjectStore('meta', { keyPath: 'key' });
            result.createObjectStore('documents', { keyPath: ['namespace', 'id'] });
            result.createObjectStore('vectors', { keyPath: 'pack' });
            result
              .createObjectStore('operations', { keyPath: 'seq' })
              .createIndex('opId', 'opId', { unique: true });
          };
          request.onsuccess = () => {
            Object.assign(window, { held: request.result });
            resolve(undefined);
          };
          request.onerror = reject;
        }),
    );
    const tab = await browser.newTab();
    await openPage(tab, server, { name: 'upgraded' });
    const startedAt = performance.now();
    assert.equal(await ask(tab, 'ready'), 'blocked');
    assert.ok(performance.now() - startedAt < 5_000);
    await old.close();
    assert.equal(await ask(tab, 'ready'), null);
    assert.equal((await ask(tab, 'fill', { first: 0, count: 64 })).code, null);
  }));

test('a database that is deleted while it is open', () =>
  inChromium({}, async (browser) => {
    const tab = browser.page;
    await openPage(tab, server, { name: 'deleted' });
    await ask(tab, 'fill', { first: 0, count: 64 });
    const other = await browser.newTab();
    await openPage(other, server, { name: 'unrelated' });
    await other.evaluate(
      () =>
        new Promise((resolve) => {
          indexedDB.deleteDatabase('akin/deleted').onsuccess = () => resolve(undefined);
        }),
    );
    await tab.waitFor(() => /** @type {any} */ (window).page.state().state === 'error');
    assert.deepEqual(await ask(tab, 'state'), { state: 'error', code: 'storage-lost' });
    assert.equal(await ask(tab, 'ready'), null);
    assert.equal(await ask(tab, 'count'), 0);
    assert.equal((await ask(tab, 'storage')).evicted, true);
    assert.equal((await ask(tab, 'fill', { first: 0, count: 64 })).code, null);
  }));
