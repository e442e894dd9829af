/** `npm run bench -- --storage`: what storing costs, in a real browser on a profile that stays. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { answer } from '../../scripts/process.mjs';
import { cacheFolder } from '../cache.mjs';
import { texts as readTexts } from '../data/corpus.mjs';
import { describeMachine } from '../report/machine.mjs';
import { engineHash } from '../version.mjs';
import { openBrowser, servePage } from './browser.mjs';
import { measureCost } from './measure-cost.mjs';
import { measureDisk } from './measure-disk.mjs';
import { measureInsert } from './measure-insert.mjs';
import { measureOpen } from './measure-open.mjs';
import { measureTabs } from './measure-tabs.mjs';
import { createProfiles } from './profiles.mjs';

export const lastStorageRun = join(cacheFolder, 'last-storage-run.json');

/** What can be measured alone. The result then stands in the last report, with its own date. */
export const storageParts = /** @type {const} */ (['insert', 'indexes', 'tabs']);

/**
 * @param {{ quick: boolean, only: string | undefined }} options
 * @param {(text: string) => void} log
 */
export async function runStorage({ quick, only }, log) {
  const { passages: texts } = readTexts();
  const page = await servePage();
  const { url } = page;
  const profiles = createProfiles(texts, url, log);
  const context = { url, texts, profiles, log, quick };
  const measure = { insert: insertPart, indexes: indexesPart, tabs: tabsPart };
  const report = only ? JSON.parse(readFileSync(lastStorageRun, 'utf8')) : { parts: {} };
  try {
    const browser = await openBrowser(profiles.empty(), url);
    const { version } = browser;
    await browser.close();
    for (const part of storageParts) {
      if (only && part !== only) continue;
      const startedAt = new Date();
      const load = loadAverage();
      Object.assign(report, await measure[part](context));
      report.parts[part] = {
        startedAt: startedAt.toISOString(),
        minutes: (Date.now() - startedAt.getTime()) / 60_000,
        load: [load, loadAverage()],
        commit: answer('git', ['rev-parse', 'HEAD']) ?? 'unknown',
        changed: Boolean(answer('git', ['status', '--porcelain', '--untracked-files=no'])),
        engine: engineHash(),
        chromium: version,
      };
    }
    Object.assign(report, { quick, machine: describeMachine() });
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(lastStorageRun, JSON.stringify(report));
  } finally {
    profiles.remove();
    page.close();
  }
}

/** Of the last five minutes. */
function loadAverage() {
  return Math.round(loadavg()[1] * 10) / 10;
}

/**
 * @typedef {object} Context
 * @property {string} url
 * @property {string[]} texts
 * @property {ReturnType<typeof createProfiles>} profiles
 * @property {(text: string) => void} log
 * @property {boolean} quick
 */

/** @param {Context} context */
async function insertPart({ quick, ...context }) {
  context.log('Inserting');
  const insert = await measureInsert({
    ...context,
    rounds: quick ? 1 : 3,
    scale: quick ? 10 : 1,
  });
  return { insert };
}

/** @param {Context} context */
async function indexesPart({ url, texts, profiles, log, quick }) {
  const sizes = quick ? [500, 1_000, 2_000] : [1_000, 10_000, 100_000];
  const added = quick ? 1_000 : 10_000;
  /** @type {any[]} */
  const indexes = [];
  /** @type {any[]} */
  const cost = [];
  for (const count of sizes) {
    log(`${count} documents`);
    const { profile, insertMs, buildMs } = await profiles.filled(count);
    const disk = await measureDisk({ url, profile });
    if (count === sizes[sizes.length - 1]) {
      for (const pauses of [1, 10]) {
        log(`  adding ${added}, with ${pauses} pauses`);
        const copy = profiles.copy(profile);
        const options = { url, texts, profile: copy, stored: count, added, batch: 100, pauses };
        const written = await measureCost(options);
        cost.push({ ...written, disk: await measureDisk({ url, profile: copy }) });
      }
    }
    log('  opening');
    const rounds = quick ? 1 : 5;
    const open = await measureOpen({ url, texts, profile: profiles.copy(profile), rounds });
    indexes.push({ count, insertMs, buildMs, disk, open });
  }
  return { indexes, cost };
}

/** @param {Context} context */
async function tabsPart({ url, texts, profiles, log, quick }) {
  /** @type {any[]} */
  const tabs = [];
  if (!existsSync('/proc/self/smaps_rollup')) return { tabs };
  for (const count of quick ? [0, 500] : [0, 10_000, 50_000]) {
    log(`Tabs with ${count} documents`);
    const profile = count === 0 ? profiles.empty() : (await profiles.filled(count)).profile;
    tabs.push({ count, ...(await measureTabs({ url, texts, profile, isOpened: count > 0 })) });
  }
  return { tabs };
}
