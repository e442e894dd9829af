/** Browser profiles with an index of so many documents in each, made once a run and copied. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';

export const name = 'bench';

/** Documents inserted by one call while an index is being filled. */
const fillBatch = 2_000;

/** @param {string[]} texts @param {string} url @param {(text: string) => void} log */
export function createProfiles(texts, url, log) {
  const folder = mkdtempSync(join(tmpdir(), 'akin-storage-'));
  let copies = 0;
  /** @type {Map<number, { profile: string, insertMs: number, buildMs: number }>} */
  const made = new Map();

  return {
    /** A profile without anything. */
    empty() {
      const path = join(folder, `empty-${copies++}`);
      mkdirSync(path);
      return path;
    },

    /** @param {string} profile */
    copy(profile) {
      const path = join(folder, `copy-${copies++}`);
      cpSync(profile, path, { recursive: true });
      return path;
    },

    /** With `count` documents, their graph complete, and a snapshot. @param {number} count */
    async filled(count) {
      const found = made.get(count);
      if (found) return found;
      const profile = join(folder, `filled-${count}`);
      mkdirSync(profile);
      const browser = await openBrowser(profile, url);
      try {
        await browser.call('prepare', { texts, count });
        await browser.call('open', { name, durability: 'relaxed' });
        const batch = Math.min(count, fillBatch);
        const insertMs = await browser.call('insert', { first: 0, count, batch, withVector: true });
        const buildMs = await browser.call('built');
        await browser.call('optimize');
        await browser.call('close');
        log(
          `  ${count} documents: inserted in ${Math.round(insertMs)} ms, ` +
            `graph complete ${Math.round(buildMs)} ms later`,
        );
        const result = { profile, insertMs, buildMs };
        made.set(count, result);
        return result;
      } finally {
        await browser.close();
      }
    },

    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Bytes of the files behind IndexedDB. @param {string} profile */
export function databaseBytes(profile) {
  return bytesIn(join(profile, 'Default', 'IndexedDB'));
}

/** @param {string} folder @returns {number} */
function bytesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesIn(path) : statSync(path).size);
  }, 0);
}
