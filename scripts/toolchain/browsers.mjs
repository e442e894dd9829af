/** The two further engines of `npm run test:long`: Firefox and WebKitGTK. */
import { existsSync } from 'node:fs';
import { findOnPath } from './chromium.mjs';
import { installDebianPackages, whyNoDebianPackages } from './debian.mjs';

/** PyGObject comes from Debian, so only Debian's own Python sees it. */
const python = '/usr/bin/python3';

const webkitTypelib = 'girepository-1.0/WebKit2-4.1.typelib';

const packages = {
  firefox: ['firefox-esr'],
  webkit: [
    'webkit2gtk-driver',
    'xvfb',
    'xauth',
    'dbus',
    'python3',
    'python3-gi',
    'gir1.2-webkit2-4.1',
  ],
};

/** @typedef {keyof typeof packages} FurtherEngine */

/** Where a Firefox is; `AKIN_FIREFOX` names one explicitly. */
export function findFirefox() {
  return process.env.AKIN_FIREFOX ?? findOnPath('firefox-esr') ?? findOnPath('firefox');
}

/** The driver of WebKitGTK, when all that it needs is there too. */
export function findWebKit() {
  const driver = findOnPath('WebKitWebDriver');
  const arch = { x64: 'x86_64', arm64: 'aarch64' }[/** @type {'x64'} */ (process.arch)];
  const typelib = [`/usr/lib/${arch}-linux-gnu`, '/usr/lib', '/usr/lib64'].some((folder) =>
    existsSync(`${folder}/${webkitTypelib}`),
  );
  const gi = existsSync('/usr/lib/python3/dist-packages/gi');
  const display = findOnPath('Xvfb') ?? process.env.DISPLAY;
  return driver && typelib && gi && display && existsSync(python) ? driver : undefined;
}

const find = { firefox: findFirefox, webkit: findWebKit };

/**
 * Finds an engine or installs it.
 * @param {FurtherEngine} engine
 * @param {(text: string) => void} log
 * @returns {Promise<string | undefined>} why it is not there; undefined when it is
 */
export async function ensureBrowser(engine, log) {
  if (find[engine]()) return undefined;
  const reason = whyNoDebianPackages();
  if (reason) return `${engine} is not installed, and ${reason}`;
  await installDebianPackages(packages[engine], log);
  return find[engine]() ? undefined : `${engine} could not be installed`;
}
