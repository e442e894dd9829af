/** `npm run bench`: measures Akin and its peers side by side. README.md says how. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from '../scripts/process.mjs';
import { cacheFolder } from './cache.mjs';
import { ensureSet } from './data/sets.mjs';
import { install } from './install.mjs';
import { readOptions, usage } from './options.mjs';
import { openBrowser } from './protocol/browser.mjs';
import { openNative } from './protocol/native.mjs';
import { runSet } from './protocol/run-set.mjs';
import { describeMachine } from './report/machine.mjs';
import { gzipSizes } from './report/sizes.mjs';
import { writeReport } from './report/write-report.mjs';
import { writeStorageReport } from './storage/report.mjs';
import { lastStorageRun, runStorage } from './storage/run.mjs';
import { engineHash } from './version.mjs';

const options = readOptions(process.argv.slice(2));
const lastRun = join(cacheFolder, 'last-run.json');
/** Rises when libraries are measured otherwise: what was measured before does not go on with it. */
const protocol = 2;

if (options.help) {
  process.stdout.write(usage);
} else if (options.storage) {
  if (!options.reportOnly) {
    await install(log, { withPeers: false });
    await runStorage(options, log);
  }
  await writeStorageReport(JSON.parse(readFileSync(lastStorageRun, 'utf8')), options.out);
  log(`The report is in ${options.out}`);
} else if (options.reportOnly) {
  const last = JSON.parse(readFileSync(lastRun, 'utf8'));
  await writeReport({ ...last, note: options.note ?? last.note }, options.out);
  process.stdout.write(`${options.out}\n`);
} else {
  process.exitCode = await run();
}

/** @param {string} text */
function log(text) {
  const now = new Date().toISOString().slice(11, 19);
  process.stdout.write(`${now} ${text}\n`);
}

async function run() {
  const startedAt = new Date();
  await install(log, { withPeers: true });
  /** @type {{ name: string, reason: string }[]} */
  const absent = [];
  const peers = [];
  for (const peer of options.peers) {
    const reason = await peer.ensure?.(log);
    if (!reason) peers.push(peer);
    else {
      log(reason);
      absent.push({ name: peer.name, reason });
    }
  }
  const sets = [];
  let browser = await openBrowser();
  const { version, facts } = browser;
  try {
    for (const recipe of options.sets) {
      const made = await ensureSet(recipe, {
        limit: options.limit,
        embed: (texts) => browser.embed(texts, log),
        log,
      });
      sets.push({ ...made, quick: options.quick });
    }
  } finally {
    await browser.close();
  }

  const results = [];
  // Small ones first: they show soonest what is wrong.
  for (const set of sets.toSorted((a, b) => a.count * a.dimensions - b.count * b.dimensions)) {
    log(`${set.name}: ${set.count} × ${set.dimensions}`);
    // A browser of its own: what a set left behind does not slow the next one.
    browser = await openBrowser();
    try {
      const kept = keeper(set);
      /** @param {import('./peers.mjs').Peer} peer */
      const open = ({ name, where }) =>
        where === 'native' ? openNative(name) : browser.open(name);
      results.push({ set, results: await runSet(set, peers, { open, log, ...kept }) });
    } finally {
      await browser.close();
    }
    write();
  }
  await writeReport(write(), options.out);
  log(`The report is in ${options.out}`);
  const failures = results.flatMap(({ results: all }) => all.filter((one) => one.error));
  for (const { peer, error } of failures) log(`${peer} failed: ${error}`);
  return failures.some(({ peer }) => peer === 'akin') ? 1 : 0;

  /** Everything so far, also on disk. */
  function write() {
    const report = {
      startedAt: startedAt.toISOString(),
      minutes: (Date.now() - startedAt.getTime()) / 60_000,
      command: [
        'npm run bench',
        ...(process.argv.length > 2 ? ['--'] : []),
        ...process.argv.slice(2),
      ].join(' '),
      note: options.note,
      partial: options.partial,
      quick: options.quick,
      commit: answer('git', ['rev-parse', 'HEAD']) ?? 'unknown',
      changed: Boolean(answer('git', ['status', '--porcelain', '--untracked-files=no'])),
      engine: engineHash(),
      machine: describeMachine(),
      chromium: version,
      page: facts,
      absent,
      sizes: gzipSizes(results.flatMap(({ results: all }) => all)),
      sets: results.toSorted((a, b) => sets.indexOf(a.set) - sets.indexOf(b.set)),
    };
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(lastRun, JSON.stringify(report));
    return report;
  }

  /** What a run keeps, so that one that broke off can go on with `--resume`. @param {any} set */
  function keeper(set) {
    const folder = join(cacheFolder, 'runs', set.folder);
    if (!options.resume) rmSync(folder, { recursive: true, force: true });
    const key = { protocol, data: set.sha256, chromium: version, quick: set.quick };
    /** @param {string} name */
    const path = (name) => join(folder, `${name.replace(/\W+/g, '-')}.json`);
    /** @param {string} name */
    const signature = (name) =>
      JSON.stringify({ ...key, ...(/ akin$/.test(name) && { engine: engineHash() }) });
    return {
      /** @param {string} name */
      recall(name) {
        if (!existsSync(path(name))) return undefined;
        const stored = JSON.parse(readFileSync(path(name), 'utf8'));
        return stored.signature === signature(name) ? stored.value : undefined;
      },
      /** @param {string} name @param {unknown} value */
      remember(name, value) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path(name), JSON.stringify({ signature: signature(name), value }));
      },
    };
  }
}
