/**
 * Real kills at random moments: the worker, the tab, the tab's process, the whole browser. What was
 * acknowledged is recorded outside the browser, and must be there afterwards: all of it, once.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launch, serve } from '../driver/index.mjs';
import { ask, expectedHealth, openPage } from './index-page.mjs';
import { createRandom, stateAfter } from './operations.mjs';
import { tearLog } from './torn-log.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * @typedef {'worker' | 'tab' | 'crash' | 'browser'} Way
 * @typedef {import('../driver/index.mjs').Engine} Engine
 * @typedef {object} KillOptions
 * @property {Engine} engine
 * @property {number} kills
 * @property {number} seed
 * @property {boolean} [isEncrypted]
 * @property {(report: string) => void} [onProgress]
 */

/** @type {Record<Engine, Way[]>} how an engine's pages can be ended from outside */
const ways = {
  chromium: ['worker', 'tab', 'crash', 'browser'],
  firefox: ['worker', 'tab', 'browser'],
  webkit: ['worker', 'tab', 'browser'],
};

/**
 * Fails when something acknowledged is lost, done twice or damaged.
 * @param {KillOptions} options
 * @returns {Promise<string>} what was done
 */
export async function kill(options) {
  const { engine, kills, seed, isEncrypted = false, onProgress = () => undefined } = options;
  const profile = mkdtempSync(join(tmpdir(), 'akin-kills-'));
  const server = await serve(root);
  const random = createRandom(seed);
  let browser = await launch({ engine, profile });
  let tab = browser.page;
  /** @type {Record<string, number>} */
  const done = {};
  /** @type {Way[]} */
  let coming = [];
  let acknowledged = 0;
  let phantoms = 0;
  let torn = 0;
  let state = new Map();
  const report = () =>
    `${acknowledged} operations, ${phantoms} of them stored though not acknowledged, ` +
    `${state.size} documents; ${JSON.stringify(done)}, ${torn} of them in the middle of a record`;

  /** @param {Way} way */
  const end = async (way) => {
    if (way === 'browser') {
      await browser.kill();
      // Too rare to wait for.
      if (engine === 'chromium' && random(2) === 0) torn += tearLog(profile);
      browser = await launch({ engine, profile });
      tab = browser.page;
      return;
    }
    if (way === 'worker') {
      await ask(tab, 'killWorker');
      await sleep(random(200));
    }
    const old = tab;
    // A browser whose last tab is gone may end.
    tab = await browser.newTab();
    if (way === 'crash') await old.crash();
    // After its worker's end a page lives on, and would write while it is compared.
    else await old.close();
  };

  try {
    await openPage(tab, server, { isEncrypted });
    for (let number = 0; number < kills; number++) {
      server.requests.length = 0;
      await ask(tab, 'run', { seed, first: acknowledged + 1 });
      // Often within the first operations, when everything is being opened.
      await sleep(random(4) === 0 ? random(60) : random(700));
      if (coming.length === 0) coming = shuffled(ways[engine], random);
      const way = coming.pop() ?? 'worker';
      done[way] = (done[way] ?? 0) + 1;
      const { failure } = await ask(tab, 'progress');
      assert.equal(failure, null, `before kill ${number}, seed ${seed}`);
      await end(way);
      await openPage(tab, server, { isEncrypted });

      const before = acknowledged;
      acknowledged = Math.max(before, ...server.requests.flatMap(({ path }) => numberOf(path)));
      stateAfter(seed, acknowledged, state, before + 1);
      const found = new Map(await ask(tab, 'documents'));
      if (!isSame(found, state)) {
        // The one operation that was under way: all of it, and counted from here on.
        acknowledged++;
        phantoms++;
        state = stateAfter(seed, acknowledged, state, acknowledged);
      }
      const where = `kill ${number} (${way}), seed ${seed}, operation ${acknowledged}`;
      const told = isSame(found, state) ? '' : `; ${await ask(tab, 'status')}`;
      assert.deepEqual(sorted(found), sorted(state), where + told);
      if (number % 10 === 9 || number === kills - 1) {
        assert.deepEqual(await ask(tab, 'lost'), [], where);
        const health = await ask(tab, 'verify');
        assert.deepEqual(health, expectedHealth({ documents: state.size }), where);
        onProgress(`${number + 1} kills: ${report()}`);
      }
    }
  } finally {
    await browser.close().catch(() => undefined);
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  assert.ok(acknowledged > kills / 5, `${acknowledged} operations are too few to tell anything`);
  return report();
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(below: number) => number} random
 */
function shuffled(items, random) {
  const left = [...items];
  return items.flatMap(() => left.splice(random(left.length), 1));
}

/** @param {string} path */
function numberOf(path) {
  const match = /^\/ack\/(\d+)$/.exec(path);
  return match ? [Number(match[1])] : [];
}

/** @param {Map<string, number>} map */
function sorted(map) {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @param {Map<string, number>} a @param {Map<string, number>} b */
function isSame(a, b) {
  return a.size === b.size && [...a].every(([id, number]) => b.get(id) === number);
}
