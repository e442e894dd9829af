/** Chromium and Firefox, both by playwright-core. */
import { defaultViewport, innerTextOf, poll } from './page.mjs';

/**
 * @typedef {import('./page.mjs').Page} Page
 * @typedef {import('./page.mjs').Browser} Browser
 */

/**
 * @param {import('./page.mjs').Engine} engine
 * @param {import('playwright-core').BrowserType} type
 * @param {string} profile
 * @param {import('playwright-core').LaunchOptions &
 *   import('playwright-core').BrowserContextOptions} options
 * @returns {Promise<Browser>}
 */
export async function launchPlaywright(engine, type, profile, options) {
  const context = await type.launchPersistentContext(profile, {
    viewport: defaultViewport,
    ...options,
  });
  /** @type {Browser['requests']} */
  const requests = [];
  /** @type {string[]} */
  const errors = [];
  context.on('request', (request) => {
    requests.push({ url: request.url(), method: request.method() });
  });
  context.on('weberror', (error) => void errors.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const first = context.pages()[0] ?? (await context.newPage());
  return {
    engine,
    page: pageOf(engine, first),
    newTab: async () => pageOf(engine, await context.newPage()),
    setOffline: (offline) => context.setOffline(offline),
    requests,
    errors,
    close: () => context.close(),
  };
}

/**
 * @param {import('./page.mjs').Engine} engine
 * @param {import('playwright-core').Page} tab
 * @returns {Page}
 */
function pageOf(engine, tab) {
  tab.setDefaultTimeout(15_000);
  /** @type {Page} */
  const page = {
    goto: async (url) => void (await tab.goto(url)),
    reload: async () => void (await tab.reload()),
    url: async () => tab.url(),
    evaluate: (fn, argument) => tab.evaluate(/** @type {any} */ (fn), argument),
    text: (selector) => page.evaluate(innerTextOf, selector),
    waitFor: (condition, argument, options) =>
      /** @type {Promise<any>} */ (poll(page, condition, argument, options)),
    click: (selector) => tab.click(selector),
    async fill(selector, value) {
      if (engine === 'chromium') return tab.fill(selector, value);
      // By keys: in Firefox, Playwright sets the value behind the back of React.
      const field = tab.locator(selector);
      await field.focus();
      await field.selectText();
      await (value ? field.pressSequentially(value) : field.press('Backspace'));
    },
    press: (selector, key) => tab.press(selector, key),
    upload: (selector, paths) => tab.setInputFiles(selector, paths),
    setViewport: (viewport) => tab.setViewportSize(viewport),
    screenshot: async (path) => void (await tab.screenshot({ path })),
    close: () => tab.close(),
  };
  return page;
}
