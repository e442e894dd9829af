import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium } from '../../scripts/toolchain/chromium.mjs';
import { killProfile } from './kill.mjs';
import { browserOf, launchPlaywright } from './playwright.mjs';

/**
 * @param {import('./page.mjs').LaunchOptions} options
 * @returns {Promise<import('./page.mjs').Browser>}
 */
export async function launchChromium(options) {
  const { profile, colorScheme = 'light', viewport, headed, args = [] } = options;
  const { incognito = false, blocksStorage = false, freezable = false } = options;
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium is installed: npm test installs one.');
  if (blocksStorage) {
    mkdirSync(join(profile, 'Default'), { recursive: true });
    // The setting "Don't allow sites to save data on your device".
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  }
  if (freezable) return launchFreezable(executablePath, profile, [...chromiumArgs, ...args]);
  return launchPlaywright('chromium', chromium, profile, {
    incognito,
    executablePath,
    headless: !headed,
    args: [...chromiumArgs, ...args],
    // Playwright switches it off, and users have it.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    colorScheme,
    ...(viewport && { viewport }),
  });
}

/**
 * Playwright keeps every tab that it opens in front, and what is in front does not freeze. In a
 * Chromium that it only joins it can be told not to.
 * @param {string} executablePath
 * @param {string} profile
 * @param {string[]} args
 */
async function launchFreezable(executablePath, profile, args) {
  const flags = [
    '--headless',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    // Tabs behind the one in front go on at full speed until they are frozen.
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
  ];
  const child = spawn(executablePath, [...flags, ...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  /** @type {string} */
  const address = await new Promise((resolve, reject) => {
    let said = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`Chromium ended with code ${code}: ${said}`)));
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1] ?? '');
    });
  });
  const joined = await chromium.connectOverCDP(address, { noDefaults: true });
  const [context] = joined.contexts();
  if (!context) throw new Error('Chromium has no window.');
  return browserOf('chromium', context, {
    freezable: true,
    kill: () => killProfile(profile),
    async close() {
      await joined.close();
      killProfile(profile);
    },
  });
}
