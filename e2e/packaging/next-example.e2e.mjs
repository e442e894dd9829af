/** The Next.js example with the packed packages: rendered by the server, searched by the browser. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../driver/index.mjs';
import { createExample } from './app.mjs';

/* global document */

const box = '[role="combobox"]';

/** @type {import('./app.mjs').App} */
let app;
/** @type {import('./app.mjs').Server} */
let server;
/** @type {string} */
let profile;
/** @type {import('../driver/index.mjs').Browser} */
let browser;

before(async () => {
  app = await createExample('next');
  await app.exec(['next', 'build']);
  server = await app.start((port) => [
    ...['next', 'start', '--hostname', '127.0.0.1', '--port', `${port}`],
  ]);
  profile = await mkdtemp(join(tmpdir(), 'akin-next-'));
  browser = await launch({ engine: 'chromium', profile });
});

after(async () => {
  await browser?.close();
  await server?.close();
  await app?.remove();
  if (profile) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('the server renders field and articles', async () => {
  const html = await (await fetch(server.url)).text();
  assert.match(html, /role="combobox"/);
  assert.match(html, /Things left in the basket/);
});

test('a question in other words finds its article, which names related ones', async () => {
  const { page } = browser;
  const option = '[role="option"]';
  await page.goto(server.url);
  // React has taken the page over: what is typed before has no list to choose from.
  await page.waitFor(
    (selector) =>
      Object.keys(document.querySelector(selector) ?? {}).some((key) => /^__react/.test(key)),
    box,
  );
  await page.click(box);
  await page.waitFor(option);
  await page.fill(box, 'I paid twice');
  await page.waitFor(
    (selector) => document.querySelector(selector)?.textContent.includes('two amounts'),
    option,
    { timeoutMs: 120_000 },
  );
  await page.press(box, 'Enter');
  await page.waitFor(() => document.querySelector('h1')?.textContent.startsWith('Why two amounts'));
  await page.waitFor(() => document.querySelectorAll('section li').length === 3);
  assert.match(await page.url(), /\/articles\/two-charges$/);
  assert.deepEqual(browser.errors, []);
});

test('a page that is opened first has its related articles too', async () => {
  const { page } = browser;
  await page.goto(`${server.url}articles/puncture`);
  await page.waitFor(() => document.querySelectorAll('section li').length === 3);
  assert.deepEqual(browser.errors, []);
});
