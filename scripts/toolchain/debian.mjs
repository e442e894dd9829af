/** Debian's packages: whether they can be installed here, and how. */
import { existsSync, readFileSync } from 'node:fs';
import { run } from '../process.mjs';

let updated = false;

/** apt-get serves one at a time. */
let queue = Promise.resolve(true);

/** @returns {string | undefined} why packages cannot be installed here; undefined when they can */
export function whyNoDebianPackages() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID=debian$/m.test(release)) return 'this is not Debian';
  if (process.getuid?.() !== 0) return 'only root may install packages';
  return undefined;
}

/**
 * @param {string[]} names
 * @param {(text: string) => void} log
 * @returns {Promise<boolean>} whether all of them are installed now
 */
export function installDebianPackages(names, log) {
  queue = queue.then(() => install(names, log));
  return queue;
}

/**
 * @param {string[]} names
 * @param {(text: string) => void} log
 */
async function install(names, log) {
  log(`Installing with apt-get: ${names.join(' ')}\n`);
  const options = {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    /** @param {string} text */
    onOutput: (text) => (output += text),
    timeoutMs: 10 * 60_000,
  };
  let output = '';
  if (!updated && (await run('apt-get', ['update', '-q'], options)) !== 0) log(output);
  updated = true;
  output = '';
  const flags = ['install', '-q', '-y', '--no-install-recommends'];
  const code = await run('apt-get', [...flags, ...names], options);
  if (code !== 0) log(output);
  return code === 0;
}
