/** Pictures of the page's states, for people to look at. */
import { join } from 'node:path';
import { launch } from '../driver/index.mjs';
import { ask, box, waitForText } from './app.mjs';

/** @typedef {import('../driver/page.mjs').Page} Page */

const viewports = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
];

/**
 * @param {Page} page
 * @param {string} to a folder
 * @param {string} name
 */
export async function photographSizes(page, to, name) {
  for (const viewport of viewports) {
    await page.setViewport(viewport);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await page.screenshot(join(to, `${name}-${viewport.width}.png`));
  }
}

/**
 * Every state of an app whose corpus is indexed, in both themes.
 * @param {{ profile: string, url: string, to: string, question: string }} options the profile must
 *   not be in use
 */
export async function photographStates({ profile, url, to, question }) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const { page, close } = await launch({ engine: 'chromium', profile, colorScheme });
    await page.goto(url);
    await waitForText(page, 'works offline now');
    await photographSizes(page, to, `${colorScheme}-start`);
    await ask(page, question);
    await photographSizes(page, to, `${colorScheme}-results`);
    await page.press(box, 'Enter');
    await page.waitFor('dialog[open] .found');
    await photographSizes(page, to, `${colorScheme}-reader`);
    await page.press('dialog', 'Escape');
    await page.fill(box, '');
    await page.click('.status summary');
    await photographSizes(page, to, `${colorScheme}-status`);
    await close();
  }
}
