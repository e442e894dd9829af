/** Memory of a browser with one and with five tabs, as the system counts it. Linux only. */
import { readFileSync, readdirSync } from 'node:fs';
import { openBrowser } from './browser.mjs';
import { name } from './profiles.mjs';

const tabCount = 5;
const settleMs = 8_000;

/** @param {{ url: string, texts: string[], profile: string, isOpened: boolean }} options */
export async function measureTabs({ url, texts, profile, isOpened }) {
  const browser = await openBrowser(profile, url);
  try {
    const tabs = [browser.call];
    /** @type {any[]} */
    const measured = [];
    let engineBytes = 0;
    while (tabs.length <= tabCount) {
      const call = tabs[tabs.length - 1];
      await call('prepare', { texts: texts.slice(0, 10), count: 1 });
      if (isOpened) engineBytes = (await call('open', { name })).memoryBytes;
      if (tabs.length === 1 || tabs.length === tabCount) {
        await new Promise((resolve) => setTimeout(resolve, settleMs));
        measured.push({ tabs: tabs.length, ...residentBytes(profile) });
      }
      if (tabs.length === tabCount) break;
      tabs.push(await browser.newTab());
    }
    return { engineBytes, measured };
  } finally {
    await browser.close();
  }
}

/**
 * Proportional set size: what processes share is counted once, in parts.
 * @param {string} profile names the browser among all that run
 */
function residentBytes(profile) {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap(readProcess);
  const main = all.filter(({ command }) => command.includes(`--user-data-dir=${profile}`));
  const ids = new Set(main.map(({ id }) => id));
  for (let before = 0; before !== ids.size;) {
    before = ids.size;
    for (const { id, parent } of all) if (ids.has(parent)) ids.add(id);
  }
  const own = all.filter(({ id }) => ids.has(id));
  /** @param {typeof own} some */
  const sum = (some) => some.reduce((total, { id }) => total + pssOf(id), 0);
  const renderers = own.filter(({ command }) => command.includes('--type=renderer'));
  return { processes: own.length, bytes: sum(own), rendererBytes: sum(renderers) };
}

/** @param {string} entry */
function readProcess(entry) {
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
    return [{ id: Number(entry), parent: Number(parent), command }];
  } catch {
    return []; // It has ended meanwhile.
  }
}

/** @param {number} id */
function pssOf(id) {
  try {
    const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
