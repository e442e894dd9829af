/** Chromium with the page in which every library has a worker of its own. */
/* global window */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/process.mjs';
import { createStaticServer, listen } from '../../scripts/static-server.mjs';
import { chromiumArgs, findChromium } from '../../scripts/toolchain/chromium.mjs';

/**
 * @typedef {object} Session a library at work somewhere, with the methods of harness/session.mjs
 * @property {(method: string, ...args: unknown[]) => Promise<any>} call
 * @property {(method: string, from: Session, ...args: unknown[]) => Promise<any>} callWithPayload
 * hands over what another session saved, as the last argument
 * @property {number | string | undefined} payload what it saved
 * @property {() => Promise<void>} stop
 */

/** Texts embedded in one call. */
const embedBatch = 256;

export async function openBrowser() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium is installed: npm test installs one.');
  const server = createStaticServer(root, { isolated: true });
  const port = await listen(server, 0);
  const profile = mkdtempSync(join(tmpdir(), 'akin-bench-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [...chromiumArgs, '--disable-gpu'],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(0);
  await page.goto(`http://127.0.0.1:${port}/bench/harness/page.html`);
  await page.waitForFunction(() => 'bench' in window);
  const facts = await page.evaluate(() => ({
    isolated: window.crossOriginIsolated,
    timerStepMs: window.bench.timerStep(),
  }));
  if (!facts.isolated) throw new Error('The page is not cross-origin isolated.');

  return {
    version: context.browser()?.version() ?? 'unknown',
    facts,

    /** @param {string} peer @returns {Promise<Session>} */
    async open(peer) {
      const id = await page.evaluate((name) => window.bench.start(name), peer);
      /** @type {Session} */
      const session = {
        payload: undefined,
        async call(method, ...args) {
          const result = await page.evaluate(call, { id, method, args });
          if (method === 'save') session.payload = id;
          return result;
        },
        callWithPayload: (method, from, ...args) =>
          page.evaluate(call, { id, method, args, payload: from.payload }),
        stop: () => page.evaluate((number) => window.bench.stop(number), id),
      };
      return session;
    },

    /** @param {string[]} texts @param {(text: string) => void} log */
    async embed(texts, log) {
      const parts = [];
      for (let first = 0; first < texts.length; first += embedBatch) {
        const batch = texts.slice(first, first + embedBatch);
        const base64 = await page.evaluate((list) => window.bench.embed(list), batch);
        parts.push(Buffer.from(base64, 'base64'));
        log(`  embedded ${first + batch.length} of ${texts.length}`);
      }
      const bytes = Buffer.concat(parts);
      return new Float32Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
      );
    },

    async close() {
      await context.close();
      server.closeAllConnections();
      server.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** @param {any} request */
function call(request) {
  return window.bench.call(request);
}
