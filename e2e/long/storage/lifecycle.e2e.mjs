/** Pages that sleep, come back and go: one worker afterwards, and nothing lost. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { engines, launch, serve } from '../../driver/index.mjs';
import { ask, openPage } from '../../storage/index-page.mjs';

/* global window, history, location */

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** @typedef {import('../../driver/index.mjs').Page} Page */

/**
 * @param {import('../../driver/index.mjs').Engine} engine
 * @param {(browser: import('../../driver/index.mjs').Browser,
 *   server: import('../../driver/server.mjs').TestServer) => Promise<void>} run
 */
async function inBrowser(engine, run) {
  const profile = mkdtempSync(join(tmpdir(), 'akin-lifecycle-'));
  const server = await serve(root);
  const browser = await launch({ engine, profile });
  try {
    await run(browser, server);
  } finally {
    await browser.close().catch(() => undefined);
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Two tabs with the same index, of 64 documents.
 * @param {import('../../driver/index.mjs').Browser} browser
 * @param {import('../../driver/server.mjs').TestServer} server
 * @returns {Promise<[Page, Page]>}
 */
async function openTwo(browser, server) {
  const tab = browser.page;
  await openPage(tab, server);
  assert.equal((await ask(tab, 'fill', { first: 0, count: 64 })).code, null);
  const other = await browser.newTab();
  await openPage(other, server);
  return [tab, other];
}

/** @param {Page} tab */
async function goBack(tab) {
  await tab.evaluate(() => history.back());
  await tab.waitFor(() => 'page' in window);
  await sleep(300);
}

for (const engine of engines) {
  test(`back and forward in ${engine}`, (t) =>
    inBrowser(engine, async (browser, server) => {
      const [tab, other] = await openTwo(browser, server);
      let stored = 64;
      let restored = 0;
      for (let round = 0; round < 5; round++) {
        // Left in the middle of a write.
        await tab.evaluate(() => {
          const { page } = /** @type {any} */ (window);
          page.operations = page.index.insert({
            id: 'moving',
            vector: new Float32Array(32).fill(1),
          });
          location.href = 'elsewhere.html';
        });
        await tab.waitFor(() => location.pathname.endsWith('elsewhere.html'));
        assert.equal((await ask(other, 'fill', { first: stored, count: 64 })).code, null);
        stored += 64;
        await goBack(tab);
        const { workers, isRestored } = await ask(tab, 'life');
        if (isRestored) restored++;
        assert.ok(workers <= 1, `${workers} workers`);
        assert.equal(await ask(tab, 'pendingInsert'), null);
        // One document more, if the write that was under way came through.
        const counted = await ask(tab, 'count');
        assert.ok(counted === stored || counted === stored + 1, `${counted} of ${stored}`);
        assert.deepEqual(await ask(tab, 'state'), { state: 'ready', code: null });
      }
      t.diagnostic(`restored from the back-forward cache ${restored} times of 5`);
      // Otherwise nothing was tested but reloads. WebKitGTK and Firefox may have reasons of their own.
      if (engine === 'chromium') assert.ok(restored > 0);
    }));

  test(`an index that is destroyed while its page sleeps, in ${engine}`, (t) =>
    inBrowser(engine, async (browser, server) => {
      const [tab, other] = await openTwo(browser, server);
      await tab.evaluate(() => {
        location.href = 'elsewhere.html';
      });
      await tab.waitFor(() => location.pathname.endsWith('elsewhere.html'));
      const startedAt = performance.now();
      await ask(other, 'destroy');
      const ms = performance.now() - startedAt;
      assert.ok(ms < 5_000, `the page that sleeps held it up for ${ms} ms`);
      await goBack(tab);
      t.diagnostic(`${(await ask(tab, 'life')).isRestored ? 'restored' : 'loaded anew'}`);
      const { state, code } = await ask(tab, 'state');
      assert.ok(state === 'idle' || code === 'storage-lost', `${state}, ${code}`);
      assert.equal(await ask(tab, 'ready'), null);
      assert.equal(await ask(tab, 'count'), 0);
      assert.equal((await ask(tab, 'fill', { first: 0, count: 64 })).code, null);
    }));
}
