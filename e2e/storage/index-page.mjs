/** The page that has an index, from outside: how it is opened, and asked. */

/* global URLSearchParams, window */

/**
 * @typedef {import('../driver/index.mjs').Page} Page
 * @typedef {{ name?: string, dimensions?: number, isEncrypted?: boolean, site?: string }} PageOptions `site`: another origin
 *   than the server's own
 */

/**
 * @param {Page} tab
 * @param {import('../driver/server.mjs').TestServer} server
 * @param {PageOptions} [options]
 */
export async function openPage(tab, server, { site = server.url, ...options } = {}) {
  const query = new URLSearchParams(
    Object.entries(options).map(([key, value]) => [key, String(value)]),
  );
  await tab.goto(`${site}e2e/storage/page.html?${query}`);
  await tab.waitFor(() => 'page' in window, undefined, { timeoutMs: 30_000 });
}

/**
 * Calls one of the page's functions, or reads one of its values.
 * @param {Page} tab
 * @param {string} member
 * @param {unknown} [argument] JSON
 * @returns {Promise<any>}
 */
export function ask(tab, member, argument) {
  return tab.evaluate(
    ({ member: name, argument: given }) => {
      const found = /** @type {any} */ (window).page[name];
      return typeof found === 'function' ? found(given) : found;
    },
    { member, argument },
  );
}

/**
 * A report of `verify()` with nothing to report.
 * @param {{ documents: number }} health
 */
export function expectedHealth({ documents }) {
  return {
    documents,
    damagedDocuments: [],
    withoutVector: [],
    damagedPacks: 0,
    strayVectors: 0,
    damagedOperations: 0,
    damagedSnapshots: 0,
    isCountRight: true,
  };
}
