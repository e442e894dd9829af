/** Three real browsers behind one page object. */
import { launchChromium } from './chromium.mjs';
import { launchFirefox } from './firefox.mjs';
import { launchWebKit } from './webkit.mjs';

export { serve } from './server.mjs';

/**
 * @typedef {import('./page.mjs').Page} Page
 * @typedef {import('./page.mjs').Browser} Browser
 * @typedef {import('./page.mjs').Engine} Engine
 * @typedef {import('./page.mjs').LaunchOptions} LaunchOptions
 */

const launchers = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebKit };

/**
 * The engines that this run is for: Chromium, and in `npm run test:long` the others that are there.
 * @type {Engine[]}
 */
export const engines = /** @type {Engine[]} */ (
  (process.env.AKIN_ENGINES ?? 'chromium').split(',')
);

/**
 * @param {{ engine: Engine } & LaunchOptions} options
 * @returns {Promise<Browser>}
 */
export function launch({ engine, ...options }) {
  return launchers[engine](options);
}
