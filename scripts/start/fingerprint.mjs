/** Tells whether anything changed that an example is built from. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../process.mjs';

const inputs = ['packages', 'examples', 'scripts', 'package.json', 'pnpm-lock.yaml'];

const results = new Set(['node_modules', 'dist', 'target', 'coverage']);

/**
 * @param {string} path
 * @returns {Generator<string>} name, size and time of every file
 */
function* describe(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) {
    yield `${relative(root, path)} ${stat.size} ${stat.mtimeMs}\n`;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (!results.has(name)) yield* describe(join(path, name));
  }
}

/** @param {string} salt what else the result depends on */
export function fingerprint(salt) {
  const hash = createHash('sha256').update(`${salt} ${process.version} ${root}`);
  for (const input of inputs) for (const line of describe(join(root, input))) hash.update(line);
  return hash.digest('hex');
}

/** @param {string} example its folder's name */
const stampPath = (example) => join(root, 'examples', example, 'node_modules', '.built');

/**
 * Whether the example was built from just this.
 * @param {string} example
 */
export function isBuilt(example) {
  const path = stampPath(example);
  const page = join(root, 'examples', example, 'dist', 'index.html');
  return (
    existsSync(page) && existsSync(path) && readFileSync(path, 'utf8') === fingerprint(example)
  );
}

/** @param {string} example */
export function markBuilt(example) {
  writeFileSync(stampPath(example), fingerprint(example));
}
