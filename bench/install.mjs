/** Brings together what a run needs; each step is heard only when it fails. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/process.mjs';
import { isFullInstall, removeExampleInstall } from '../scripts/start/example-workspace.mjs';
import { ensureChromium } from '../scripts/toolchain/chromium.mjs';
import { pnpm } from '../scripts/toolchain/pnpm.mjs';
import { benchFolder } from './cache.mjs';

/** @param {string} doing @param {string[]} args @param {string} [cwd] */
async function run(doing, args, cwd = root) {
  let output = '';
  const code = await pnpm(args, { cwd, onOutput: (text) => void (output += text) });
  if (code !== 0) throw new Error(`${doing}: pnpm ${args.join(' ')} failed.\n${output}`);
}

/** What the repository itself depends on. */
export async function installDependencies() {
  if (!isFullInstall()) removeExampleInstall();
  await run('Installing', ['install', '--frozen-lockfile']);
}

/** @param {(text: string) => void} log @param {{ withPeers: boolean }} options */
export async function install(log, { withPeers }) {
  /** @type {typeof run} */
  const step = (doing, ...rest) => {
    log(doing);
    return run(doing, ...rest);
  };
  if (withPeers) {
    await step(
      'Installing what Akin is compared with',
      ['install', '--frozen-lockfile'],
      benchFolder,
    );
  }
  await step('Building the packages', [
    '-r',
    '--filter',
    './packages/*',
    'run',
    'build',
    '--no-dts',
  ]);
  process.env.AKIN_CHROMIUM ??= await ensureChromium(log);
  if (!existsSync(join(root, 'packages', 'engine', 'dist', 'browser.js'))) {
    throw new Error('The engine was not built.');
  }
}
