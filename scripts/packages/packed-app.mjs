/** An app outside the workspace, with the packages installed from their tarballs as npm would serve them. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { root, run } from '../process.mjs';
import { pnpm, pnpmCommand } from '../toolchain/pnpm.mjs';
import { pack, packageFolders } from './pack.mjs';

const installMs = 5 * 60_000;

/** What an example may have beside its sources. */
const results = new Set(['node_modules', '.next', 'next-env.d.ts']);

/**
 * @param {string} name a folder of `examples/`
 * @param {string} folder
 */
export async function copyExample(name, folder) {
  await cp(join(root, 'examples', name), folder, {
    recursive: true,
    filter: (path) => !results.has(basename(path)),
  });
}

/**
 * Installs what an app's manifest asks for; those of this repository's packages that it names are packed
 * first, into the app's folder.
 * @param {string} folder
 */
export async function installPacked(folder) {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  for (const name of packageFolders) {
    if (!manifest.dependencies[`@akin/${name}`]) continue;
    manifest.dependencies[`@akin/${name}`] = `file:${await pack(name, folder)}`;
  }
  await writeFile(file, JSON.stringify(manifest, null, 2));
  let output = '';
  const code = await pnpm(
    [
      ...['install', '--ignore-workspace', '--no-frozen-lockfile', '--reporter=append-only'],
      // Nothing downloads what is not in the registry.
      '--ignore-scripts',
    ],
    { cwd: folder, timeoutMs: installMs, onOutput: (text) => void (output += text) },
  );
  if (code !== 0) throw new Error(`pnpm install ended with code ${code}:\n${output}`);
}

/**
 * Runs a command of the app's own tools.
 * @param {string} cwd the app's folder
 * @param {string[]} command
 * @param {import('../process.mjs').RunOptions} [options]
 */
export function inApp(cwd, command, options) {
  const pnpm = pnpmCommand();
  const env = { ...pnpm.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined };
  const args = [...pnpm.args, '--ignore-workspace', 'exec', ...command];
  return run(pnpm.command, args, { ...options, cwd, env });
}
