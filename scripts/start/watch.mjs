/** Calls back when sources change. (The bundler's own watch mode misses its first build.) */
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process.mjs';

/** Editors save in several steps. */
const settleMs = 100;

/**
 * Watches packages in the order in which they use one another: after a change in one, it and those
 * behind it have to be built again. Calls follow one another; changes in between are not lost.
 * @param {string[]} folders
 * @param {(first: number) => Promise<void>} rebuild told the first folder that changed
 */
export function watchSources(folders, rebuild) {
  let first = folders.length;
  let busy = false;

  async function work() {
    if (busy) return;
    busy = true;
    while (first < folders.length) {
      const from = first;
      first = folders.length;
      await rebuild(from);
    }
    busy = false;
  }

  folders.forEach((folder, index) => {
    for (const sources of ['src', 'js', 'wasm'].map((name) => join(root, folder, name))) {
      if (!existsSync(sources)) continue;
      watch(sources, { recursive: true }, () => {
        first = Math.min(first, index);
        setTimeout(work, settleMs);
      });
    }
  });
}
