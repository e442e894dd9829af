/** A Chromium for the tests: the system's, else Debian's package, else Playwright's download. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { root } from '../process.mjs';
import { installDebianPackages, whyNoDebianPackages } from './debian.mjs';
import { pnpm } from './pnpm.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const windowsRoots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
  (name) => process.env[name] ?? [],
);

const usualPlaces = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: windowsRoots.map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
};

/**
 * Finds a program by name on PATH.
 * @param {string} name
 */
export function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * Where a Chromium is; installs nothing. `AKIN_CHROMIUM` names one explicitly.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env.AKIN_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`AKIN_CHROMIUM names ${named}, where no file is.`);
  }
  const places = usualPlaces[/** @type {'darwin'} */ (process.platform)] ?? [];
  return (
    names.map(findOnPath).find(Boolean) ??
    places.find((path) => existsSync(path)) ??
    playwrightChromium()
  );
}

/** The Chromium that Playwright has downloaded, if it has. */
function playwrightChromium() {
  try {
    const require = createRequire(join(root, 'package.json'));
    /** @type {string} */
    const path = require('playwright-core').chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined; // Playwright itself is not installed yet.
  }
}

/**
 * Finds a Chromium or installs one.
 * @param {(text: string) => void} log
 * @returns {Promise<string>} its path
 */
export async function ensureChromium(log) {
  const found = findChromium();
  if (found) return found;
  if (!whyNoDebianPackages()) {
    await installDebianPackages(['chromium'], log);
  } else {
    log('Downloading Chromium with Playwright\n');
    await pnpm(['exec', 'playwright', 'install', 'chromium'], { onOutput: log });
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'No Chromium could be found or installed. Install Chromium or Chrome, or set AKIN_CHROMIUM.',
  );
}

/** Flags for a quiet Chromium that talks to nobody but the page under test. */
export const chromiumArgs = [
  // Chromium's sandbox refuses to run as root, which is what containers use.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--disable-sync',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
];
