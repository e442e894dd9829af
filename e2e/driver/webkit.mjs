/** WebKitGTK, by WebKitWebDriver. Near Safari, but not Safari: reports call it WebKitGTK. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findWebKit } from '../../scripts/toolchain/browsers.mjs';
import { openDisplay } from './display.mjs';
import { killProfile } from './kill.mjs';
import { defaultViewport, innerTextOf, poll } from './page.mjs';
import { WebDriver, typed } from './webdriver.mjs';

/**
 * @typedef {import('./page.mjs').Page} Page
 * @typedef {import('./page.mjs').Browser} Browser
 */

const launcher = fileURLToPath(new URL('webkitgtk.py', import.meta.url));

/**
 * @param {import('./page.mjs').LaunchOptions} options
 * @returns {Promise<Browser>}
 */
export async function launchWebKit({ profile, colorScheme, viewport = defaultViewport }) {
  const command = findWebKit();
  if (!command) throw new Error('No WebKitGTK is installed: npm run test:long installs it.');
  const args = [
    `--profile=${resolve(profile)}`,
    `--size=${viewport.width}x${viewport.height}`,
    // `navigator.storage` is off by default in WebKitGTK, and on in Safari.
    '--features=StorageAPI,StorageAPIEstimate',
    ...(colorScheme === 'dark' ? ['--dark=1'] : []),
  ];
  const { display, close } = await openDisplay();
  const capabilities = { 'webkitgtk:browserOptions': { binary: launcher, args } };
  const env = { DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' };
  const driver = await WebDriver.start(command, capabilities, env).catch((error) => {
    close();
    throw error;
  });
  return {
    engine: 'webkit',
    page: pageOf(driver, await driver.firstWindow()),
    newTab: async () => pageOf(driver, await driver.newWindow()),
    setOffline: () => Promise.reject(new Error('WebKitGTK cannot go offline: cut the server.')),
    requests: [],
    errors: [],
    setQuota: () => Promise.reject(new Error('WebKitGTK has no command for that.')),
    async kill() {
      killProfile(resolve(profile));
      await driver.close().catch(() => undefined);
      close();
    },
    async close() {
      await driver.close();
      close();
    },
  };
}

/* global document */
/** @param {string} selector */
function selectContents(selector) {
  const element = /** @type {HTMLInputElement | null} */ (document.querySelector(selector));
  if (!element) throw new Error(`There is no ${selector}`);
  element.focus();
  element.select();
}

/**
 * @param {WebDriver} driver
 * @param {string} window
 * @returns {Page}
 */
function pageOf(driver, window) {
  /** @param {'GET' | 'POST' | 'DELETE'} method @param {string} path @param {object} [body] */
  const send = (method, path, body) => driver.send(window, method, path, body);
  /** @param {string} selector @param {string} text */
  const type = async (selector, text) => {
    // A name longer than the text itself would type nothing.
    if (text) await send('POST', `${await driver.element(window, selector)}/value`, { text });
  };
  /** @type {Page} */
  const page = {
    goto: (url) => send('POST', '/url', { url }),
    reload: () => send('POST', '/refresh', {}),
    url: () => send('GET', '/url'),
    async evaluate(fn, argument) {
      const script = `const done = arguments[arguments.length - 1];
        Promise.resolve(arguments[0]).then(${fn}).then(
          (value) => done({ value }),
          (error) => done({ error: String(error), stack: error?.stack }));`;
      const answer = await send('POST', '/execute/async', { script, args: [argument ?? null] });
      if ('error' in answer) throw new Error(`${answer.error}\n${answer.stack ?? ''}`);
      return answer.value;
    },
    text: (selector) => page.evaluate(innerTextOf, selector),
    waitFor: (condition, argument, options) =>
      /** @type {Promise<any>} */ (poll(page, condition, argument, options)),
    async click(selector) {
      await page.waitFor(selector);
      await send('POST', `${await driver.element(window, selector)}/click`, {});
    },
    async fill(selector, value) {
      await page.waitFor(selector);
      await page.evaluate(selectContents, selector);
      await type(selector, value || typed('Backspace'));
    },
    async press(selector, key) {
      await page.waitFor(selector);
      await type(selector, typed(key));
    },
    upload: (selector, paths) => type(selector, paths.map((path) => resolve(path)).join('\n')),
    async setViewport({ width, height }) {
      await send('POST', '/window/rect', { width, height });
    },
    screenshot: async (path) =>
      writeFile(path, Buffer.from(await send('GET', '/screenshot'), 'base64')),
    async close() {
      await send('DELETE', '/window');
    },
    freeze: () => Promise.reject(new Error('WebKitGTK has no command for that.')),
    crash: () => Promise.reject(new Error('WebKitGTK has no command for that.')),
  };
  return page;
}
