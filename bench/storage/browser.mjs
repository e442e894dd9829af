/** Chromium on a profile that stays, with the page that holds an index. */
import { chromium } from 'playwright-core';
import { root } from '../../scripts/process.mjs';
import { createStaticServer, listen } from '../../scripts/static-server.mjs';
import { chromiumArgs, findChromium } from '../../scripts/toolchain/chromium.mjs';

/* global window */

/** Storage belongs to an address, so it is one address for the whole run. */
export async function servePage() {
  const server = createStaticServer(root);
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}/bench/storage/page.html`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * @param {string} profile
 * @param {string} url
 */
export async function openBrowser(profile, url) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium is installed: npm test installs one.');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [...chromiumArgs, '--disable-gpu'],
  });
  const newTab = async () => {
    const page =
      context.pages().find((one) => one.url() === 'about:blank') ?? (await context.newPage());
    page.setDefaultTimeout(0);
    await page.goto(url);
    await page.waitForFunction(() => 'storageBench' in window);
    /** @param {string} method @param {unknown} [argument] @returns {Promise<any>} */
    return (method, argument) =>
      page.evaluate(([name, given]) => window.storageBench[name](given), [method, argument]);
  };
  return {
    version: context.browser()?.version() ?? 'unknown',
    newTab,
    call: await newTab(),
    close: () => context.close(),
  };
}
