/** The driver itself, on a page of its own: every verb, in every engine of this run. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { engines, launch, serve } from './index.mjs';

/* global document, indexedDB, innerHeight, innerWidth, matchMedia, setInterval, window */

const html = `<!doctype html><meta charset="utf-8"><title>Driver</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<input id="box"><input id="file" type="file"><button id="add">Add</button>
<p id="heard"></p><p id="later" hidden>shown later</p><p id="picked"></p>
<script type="module">
  const say = (id, text) => (document.getElementById(id).textContent = text);
  document.getElementById('box').addEventListener('input', (e) => say('heard', e.target.value));
  document.getElementById('box').addEventListener('keydown', (e) => {
    if (e.key === 'ArrowDown') say('heard', 'down');
  });
  document.getElementById('file').addEventListener('change', async (e) =>
    say('picked', await e.target.files[0].text()));
  document.getElementById('add').addEventListener('click', () => {
    setTimeout(() => (document.getElementById('later').hidden = false), 100);
  });
</script>`;

/** Puts a value into IndexedDB, or reads it back. */
function stored(/** @type {string | null} */ value) {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('driver', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('kept');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const transaction = open.result.transaction('kept', 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore('kept');
      const request = value === null ? store.get('key') : store.put(value, 'key');
      transaction.onabort = () => reject(transaction.error);
      transaction.oncomplete = () => {
        open.result.close();
        resolve(request.result);
      };
    };
  });
}

for (const engine of engines) {
  describe(engine, () => {
    /** @type {string} */
    let folder;
    /** @type {import('./server.mjs').TestServer} */
    let server;
    /** @type {import('./page.mjs').Browser} */
    let browser;

    const open = () =>
      launch({
        engine,
        profile: join(folder, 'profile'),
        colorScheme: 'dark',
        viewport: { width: 800, height: 600 },
      });

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'akin-driver-'));
      await writeFile(join(folder, 'index.html'), html);
      server = await serve(folder, { isolated: true });
      browser = await open();
      await browser.page.goto(server.url);
    });

    after(async () => {
      await browser?.close();
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('evaluates, with arguments, promises and errors', async () => {
      const { page } = browser;
      assert.equal(await page.url(), server.url);
      assert.deepEqual(await page.evaluate(async (a) => ({ twice: a * 2 }), 21), { twice: 42 });
      await assert.rejects(
        page.evaluate(() => Promise.reject(new Error('no'))),
        /no/,
      );
    });

    test('fills, presses, clicks, uploads and waits', async () => {
      const { page } = browser;
      await page.fill('#box', 'höret');
      assert.equal(await page.text('#heard'), 'höret');
      await page.fill('#box', 'again');
      assert.equal(await page.text('#heard'), 'again');
      await page.press('#box', 'ArrowDown');
      assert.equal(await page.text('#heard'), 'down');
      await page.fill('#box', '');
      assert.equal(await page.text('#heard'), '');
      await page.click('#add');
      await page.waitFor('#later');
      await assert.rejects(page.waitFor('#nowhere', null, { timeoutMs: 200 }), /in vain/);
      await writeFile(join(folder, 'note.txt'), 'from a file');
      await page.upload('#file', [join(folder, 'note.txt')]);
      await page.waitFor(() => document.getElementById('picked')?.textContent === 'from a file');
    });

    test('has the viewport and the colours that were asked for', async () => {
      const { page } = browser;
      const size = () => [innerWidth, innerHeight];
      assert.deepEqual(await page.evaluate(size), [800, 600]);
      await page.setViewport({ width: 360, height: 640 });
      await page.waitFor((wanted) => String([innerWidth, innerHeight]) === wanted, '360,640');
      assert.ok(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches));
      await page.screenshot(join(folder, 'page.png'));
      const png = await readFile(join(folder, 'page.png'));
      assert.equal(png.subarray(1, 4).toString(), 'PNG');
    });

    test('keeps the profile over a reload, a second tab and a restart', async () => {
      await browser.page.evaluate(stored, 'kept');
      await browser.page.reload();
      assert.equal(await browser.page.evaluate(stored, null), 'kept');
      const tab = await browser.newTab();
      await tab.goto(server.url);
      assert.equal(await tab.evaluate(stored, null), 'kept');
      await tab.close();
      assert.equal(await browser.page.text('#heard'), '');
      await browser.close();
      browser = await open();
      await browser.page.goto(server.url);
      assert.equal(await browser.page.evaluate(stored, null), 'kept');
    });

    test('loses a killed browser, and nothing that it had stored', async () => {
      await browser.page.evaluate(stored, 'before the kill');
      await browser.kill();
      await assert.rejects(browser.page.evaluate(() => 1));
      browser = await open();
      await browser.page.goto(server.url);
      assert.equal(await browser.page.evaluate(stored, null), 'before the kill');
    });

    test('sends the headers, tells the requests, cuts and restores', async () => {
      const { page } = browser;
      const isolated = () => /** @type {any} */ (globalThis).crossOriginIsolated;
      if (engine !== 'webkit') assert.equal(await page.evaluate(isolated), true);
      assert.ok(server.requests.some(({ path, status }) => path === '/' && status === 200));
      /** @param {string} url */
      const reachable = (url) =>
        fetch(url, { cache: 'no-store' }).then(
          () => true,
          () => false,
        );
      await server.cut();
      assert.equal(await page.evaluate(reachable, server.url), false);
      await server.restore();
      assert.equal(await page.evaluate(reachable, server.url), true);
      if (engine === 'webkit') return;
      await browser.setOffline(true);
      assert.equal(await page.evaluate(reachable, server.url), false);
      await browser.setOffline(false);
      assert.equal(await page.evaluate(reachable, server.url), true);
      assert.ok(browser.requests.every(({ url }) => url.startsWith(server.url)));
    });

    if (engine === 'chromium') {
      test('crashes a tab, and takes its room away', async () => {
        const tab = await browser.newTab();
        await tab.goto(server.url);
        await tab.crash();
        await assert.rejects(tab.evaluate(() => 1));

        const site = server.url.replace('127.0.0.1', 'small.localhost');
        await browser.setQuota(site, 1_000);
        await browser.page.goto(site);
        await assert.rejects(browser.page.evaluate(stored, 'x'.repeat(100_000)));
        await browser.setQuota(site, null);
        await browser.page.evaluate(stored, 'x'.repeat(100_000));
        await browser.page.goto(server.url);
        await assert.rejects(browser.page.freeze(true), /freezable/);
      });

      test('freezes a tab, and thaws it', async () => {
        const profile = join(folder, 'freezable');
        const freezable = await launch({ engine, profile, freezable: true });
        try {
          const { page } = freezable;
          await page.goto(server.url);
          await page.evaluate(() => {
            const seen = Object.assign(window, { ticks: 0, events: /** @type {string[]} */ ([]) });
            setInterval(() => seen.ticks++, 20);
            for (const name of ['freeze', 'resume']) {
              document.addEventListener(name, () => seen.events.push(`${name} ${seen.ticks}`));
            }
          });
          await page.freeze(true);
          await new Promise((resolve) => setTimeout(resolve, 500));
          await page.freeze(false);
          const events = await page.evaluate(() => /** @type {any} */ (window).events);
          const [frozen, thawed] = events.map((/** @type {string} */ event) => event.split(' '));
          assert.deepEqual([frozen[0], thawed[0]], ['freeze', 'resume']);
          assert.equal(thawed[1], frozen[1], 'nothing runs meanwhile');
        } finally {
          await freezable.close();
        }
      });
    }
  });
}
