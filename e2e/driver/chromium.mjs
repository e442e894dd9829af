import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium } from '../../scripts/toolchain/chromium.mjs';
import { launchPlaywright } from './playwright.mjs';

/** @param {import('./page.mjs').LaunchOptions} options */
export function launchChromium({ profile, colorScheme = 'light', viewport, headed, args = [] }) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium is installed: npm test installs one.');
  return launchPlaywright('chromium', chromium, profile, {
    executablePath,
    headless: !headed,
    args: [...chromiumArgs, ...args],
    colorScheme,
    ...(viewport && { viewport }),
  });
}
