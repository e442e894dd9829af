/**
 * The pinned pnpm, wherever it has to come from: a pnpm on the machine only when its version is the
 * pinned one, else the one that npx keeps in npm's own cache. Nothing is installed globally.
 *
 * On its own: `node scripts/toolchain/pnpm.mjs ARGUMENTS` is `pnpm ARGUMENTS`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { answer, root, run } from '../process.mjs';

/** The version that `packageManager` in package.json pins. */
export const pnpmVersion = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
).packageManager.replace(/^pnpm@|\+.*$/g, '');

/** @type {string | undefined} the folder that holds the pinned pnpm's commands */
let bin;

/** The version of a pnpm that is on the machine already; asks no network. */
export function localPnpmVersion() {
  return answer('pnpm', ['--version'], {
    COREPACK_ENABLE_NETWORK: '0',
    npm_config_manage_package_manager_versions: 'false',
  });
}

/** Where npx put the pinned pnpm; fetches it on first use. */
function npxFolder() {
  const print = 'process.env.PATH.split(require("node:path").delimiter)[0]';
  const args = ['--yes', '--loglevel=error', `--package=pnpm@${pnpmVersion}`];
  // Under `npm test` npm names its own entry file, which needs no shell on any system.
  const npm = process.env.npm_execpath;
  const found = npm?.endsWith('npm-cli.js')
    ? answer(process.execPath, [npm, 'exec', ...args, '--', 'node', '-p', print])
    : answer('npx', [...args, '--', 'node', '-p', print]);
  const folder = found?.split('\n').at(-1);
  if (!folder || !existsSync(join(folder, '..', 'pnpm'))) {
    throw new Error(`npx could not provide pnpm ${pnpmVersion}: is the npm registry reachable?`);
  }
  return folder;
}

/**
 * The command that runs the pinned pnpm, and the environment in which scripts find it as `pnpm`.
 * @returns {{ command: string, args: string[], env: Record<string, string> }}
 */
export function pnpmCommand() {
  bin ??= process.platform !== 'win32' && localPnpmVersion() === pnpmVersion ? '' : npxFolder();
  if (bin === '') return { command: 'pnpm', args: [], env: {} };
  const entry = join(dirname(bin), 'pnpm', 'bin', 'pnpm.cjs');
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  return { command: process.execPath, args: [entry], env: { PATH: path } };
}

/**
 * @param {string[]} args
 * @param {import('../process.mjs').RunOptions} [options]
 * @returns {Promise<number>} the exit code
 */
export function pnpm(args, options = {}) {
  const { command, args: first, env } = pnpmCommand();
  return run(command, [...first, ...args], { ...options, env: { ...env, ...options.env } });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await pnpm(process.argv.slice(2), { cwd: process.cwd() });
}
