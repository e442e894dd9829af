/** How much a library adds to what a site ships: the files that its worker asked for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../scripts/process.mjs';

/**
 * @param {any[]} results
 * @returns {Record<string, { files: { path: string, bytes: number, gzip: number }[],
 *   gzip: number }>} by library; the files as published, not minified further
 */
export function gzipSizes(results) {
  /** @type {ReturnType<typeof gzipSizes>} */
  const sizes = {};
  for (const { peer, files: paths } of results) {
    if (!paths?.length || sizes[peer]) continue;
    const files = paths.map((/** @type {string} */ path) => {
      const bytes = readFileSync(join(root, decodeURIComponent(path)));
      return { path, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    });
    const gzip = files.reduce((/** @type {number} */ sum, one) => sum + one.gzip, 0);
    sizes[peer] = { files, gzip };
  }
  return sizes;
}
