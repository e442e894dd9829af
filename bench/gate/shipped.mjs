/** What a site ships of the engine: the module, and the JavaScript that its browser entry imports. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../../packages/engine/dist/', import.meta.url);

export function shippedGzipBytes() {
  const files = [new URL('../wasm/akin_engine_bg.wasm', dist), ...scripts('browser.js')];
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
}

/**
 * @param {string} entry
 * @param {Set<string>} [seen]
 * @returns {URL[]} the entry and all that it imports
 */
function scripts(entry, seen = new Set()) {
  if (seen.has(entry)) return [];
  seen.add(entry);
  const file = new URL(entry, dist);
  const imported = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?"\.\/([^"]+\.js)"/g);
  return [file, ...Array.from(imported, ([, name]) => scripts(name, seen)).flat()];
}
