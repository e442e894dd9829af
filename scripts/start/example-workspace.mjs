/**
 * A workspace without the repository's own tools, for those who only want to see the example.
 *
 * pnpm installs the root's dependencies (linters, Storybook, test runners) whatever its filter
 * says. So the packages and examples are installed from a second workspace, which has them but not
 * the root: its manifest and its lockfile are the real ones, seen from another folder.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process.mjs';
import { pnpm } from '../toolchain/pnpm.mjs';

const folder = join(root, 'node_modules', '.start');

const up = '../../';

/** @param {string} manifest pnpm-workspace.yaml */
export function shiftManifest(manifest) {
  return manifest.replace(/^packages:\n(?: +[-#] .*\n)+/, (packages) =>
    packages.replace(/- +'?(!?)([^\s']+)'?/g, `- '$1${up}$2'`),
  );
}

/** @param {string} lockfile pnpm-lock.yaml */
export function shiftLockfile(lockfile) {
  const [before, importers, after] = lockfile.split(/^(importers:\n[^]*?)(?=^packages:$)/m);
  if (!importers || !after) throw new Error('pnpm-lock.yaml has an unknown layout.');
  const own = importers
    .split(/^(?= {2}\S)/m)
    .filter((importer) => !importer.startsWith('  .:'))
    .map((importer) => importer.replace(/^ {2}(\S+):/, `  ${up}$1:`));
  return [before, ...own, after].join('');
}

/** Whether the whole workspace is installed, as contributors have it. */
export function isFullInstall() {
  return existsSync(join(root, 'node_modules', '.modules.yaml'));
}

/**
 * Installs what an example needs: all of the workspace where that is there already.
 * @param {string} example the name of its package
 * @returns {Promise<number>} the exit code
 */
export function installExample(example) {
  if (isFullInstall()) return pnpm(['install', '--frozen-lockfile']);
  /** @param {string} name @param {(text: string) => string} shift */
  const write = (name, shift) =>
    writeFileSync(join(folder, name), shift(readFileSync(join(root, name), 'utf8')));
  mkdirSync(folder, { recursive: true });
  write('pnpm-workspace.yaml', shiftManifest);
  write('pnpm-lock.yaml', shiftLockfile);
  return pnpm(['install', '--frozen-lockfile', '--filter', `${example}...`], { cwd: folder });
}

/** Makes room for the whole workspace, which lays its packages out elsewhere. */
export function removeExampleInstall() {
  rmSync(folder, { recursive: true, force: true });
}
