/** Packs a package as it would be published: only its files, and versions in the place of `workspace:`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process.mjs';
import { pnpm } from '../toolchain/pnpm.mjs';

/** The packages, in `packages/`. */
export const packageFolders = ['engine', 'react', 'minilm'];

/**
 * @param {string} name its folder in `packages/`
 * @param {string} destination
 * @returns {Promise<string>} the tarball
 */
export async function pack(name, destination) {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  let output = '';
  const code = await pnpm(['pack', '--pack-destination', destination], {
    cwd: folder,
    timeoutMs: 120_000,
    onOutput: (text) => void (output += text),
  });
  if (code !== 0) throw new Error(`packages/${name} cannot be packed:\n${output}`);
  const file = `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`;
  return join(destination, file);
}
