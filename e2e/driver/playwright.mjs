/** Chromium and Firefox, both by playwright-core. */
import { killProfile } from './kill.mjs';
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
 *   import('playwright-core').BrowserContextOptions & { incognito?: boolean }} options
 * @returns {Promise<Browser>}
 */
export async function launchPlaywright(engine, type, profile, options) {
  const { incognito, ...given } = { viewport: defaultViewport, ...options };
  const context = incognito
    ? await (await type.launch(given)).newContext(given)
    : await type.launchPersistentContext(profile, given);
  return browserOf(engine, context, {
    kill: () => killProfile(profile),
    async close() {
      await context.close();
      // A private window's browser is not its context.
      await context.browser()?.close();
    },
  });
}

/**
 * @param {import('./page.mjs').Engine} engine
 * @param {import('playwright-core').BrowserContext} context
 * @param {{ freezable?: boolean, kill: () => void, close: () => Promise<void> }} means
 * @returns {Promise<Browser>}
 */
export async function browserOf(engine, context, { freezable = false, kill, close }) {
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
  /** @type {import('playwright-core').CDPSession | undefined} */
  let quotaSession;
  const first = context.pages()[0] ?? (await context.newPage());
  return {
    engine,
    page: pageOf(engine, first, freezable),
    newTab: async () => pageOf(engine, await context.newPage(), freezable),
    setOffline: (offline) => context.setOffline(offline),
    requests,
    errors,
    async setQuota(url, bytes) {
      quotaSession ??= await context.newCDPSession(first);
      await quotaSession.send('Storage.overrideQuotaForOrigin', {
        origin: new URL(url).origin,
        ...(bytes !== null && { quotaSize: bytes }),
      });
    },
    async kill() {
      kill();
      // It only notices.
      await context.close().catch(() => undefined);
    },
    close,
  };
}

/**
 * @param {import('./page.mjs').Engine} engine
 * @param {import('playwright-core').Page} tab
 * @param {boolean} freezable
 * @returns {Page}
 */
function pageOf(engine, tab, freezable) {
  tab.setDefaultTimeout(15_000);
  /** @type {import('playwright-core').CDPSession | undefined} */
  let freezer;
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
    async freeze(frozen) {
      if (!freezable) throw new Error('Launch with `freezable`: other tabs never freeze.');
      freezer ??= await tab.context().newCDPSession(tab);
      await freezer.send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' });
    },
    async crash() {
      const session = await tab.context().newCDPSession(tab);
      const crashed = new Promise((resolve) => tab.once('crash', resolve));
      // Never answered: who should?
      session.send('Page.crash').catch(() => undefined);
      await crashed;
      await tab.close().catch(() => undefined);
    },
  };
  return page;
}
