import { firefox } from 'playwright-core';
import { findFirefox } from '../../scripts/toolchain/browsers.mjs';
import { launchPlaywright } from './playwright.mjs';

/** @param {import('./page.mjs').LaunchOptions} options */
export function launchFirefox({ profile, colorScheme = 'light', viewport, headed }) {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error('No Firefox is installed: npm run test:long installs one.');
  return launchPlaywright('firefox', firefox, profile, {
    // A Firefox as users have it, spoken to in WebDriver BiDi; Playwright's own build is another.
    channel: 'moz-firefox',
    executablePath,
    headless: !headed,
    firefoxUserPrefs: {
      // Without this, `navigator.storage.persist()` waits for somebody to answer a prompt.
      'permissions.default.persistent-storage': 1,
      'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
    },
    ...(viewport && { viewport }),
  });
}
