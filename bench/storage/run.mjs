/** `npm run bench -- --storage`: what storing costs, in a real browser on a profile that stays. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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

/** @param {{ quick: boolean }} options @param {(text: string) => void} log */
export async function runStorage({ quick }, log) {
  const startedAt = new Date();
  const { passages: texts } = readTexts();
  const page = await servePage();
  const { url } = page;
  const profiles = createProfiles(texts, url, log);
  const rounds = quick ? 1 : 5;
  const sizes = quick ? [500, 1_000, 2_000] : [1_000, 10_000, 100_000];
  const added = quick ? 1_000 : 10_000;
  const largest = sizes[sizes.length - 1];
  try {
    const browser = await openBrowser(profiles.empty(), url);
    const chromium = browser.version;
    await browser.close();

    log('Inserting');
    const insert = await measureInsert({
      ...{ url, texts, profiles, log, rounds: quick ? 1 : 3, scale: quick ? 10 : 1 },
    });
    /** @type {any[]} */
    const indexes = [];
    /** @type {any[]} */
    const cost = [];
    for (const count of sizes) {
      log(`${count} documents`);
      const { profile, insertMs, buildMs } = await profiles.filled(count);
      const disk = await measureDisk({ url, profile });
      if (count === largest) {
        for (const pauses of [1, 10]) {
          log(`  adding ${added}, with ${pauses} pauses`);
          const copy = profiles.copy(profile);
          const options = { url, texts, profile: copy, stored: count, added, batch: 100, pauses };
          cost.push({
            ...(await measureCost(options)),
            disk: await measureDisk({ url, profile: copy }),
          });
        }
      }
      log('  opening');
      const open = await measureOpen({ url, texts, profile: profiles.copy(profile), rounds });
      indexes.push({ count, insertMs, buildMs, disk, open });
    }
    /** @type {any[]} */
    const tabs = [];
    if (existsSync('/proc/self/smaps_rollup')) {
      for (const count of quick ? [0, 500] : [0, 10_000, 50_000]) {
        log(`Tabs with ${count} documents`);
        const profile = count === 0 ? profiles.empty() : (await profiles.filled(count)).profile;
        const measured = await measureTabs({ url, texts, profile, isOpened: count > 0 });
        tabs.push({ count, ...measured });
      }
    }
    const report = {
      startedAt: startedAt.toISOString(),
      minutes: (Date.now() - startedAt.getTime()) / 60_000,
      quick,
      commit: answer('git', ['rev-parse', 'HEAD']) ?? 'unknown',
      changed: Boolean(answer('git', ['status', '--porcelain', '--untracked-files=no'])),
      engine: engineHash(),
      machine: describeMachine(),
      chromium,
      ...{ insert, indexes, cost, tabs },
    };
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(lastStorageRun, JSON.stringify(report));
    return report;
  } finally {
    profiles.remove();
    page.close();
  }
}
