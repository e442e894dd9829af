/**
 * Five tabs on one index, each inserting, removing and searching as it likes, while tabs are closed,
 * opened and frozen. Two seconds after it is quiet, all can find the same; no promise is left.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launch, serve } from '../driver/index.mjs';
import { ask, expectedHealth, openPage } from './index-page.mjs';
import { createRandom } from './operations.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const count = 5;
/** By when all tabs find the same. */
const quietMs = 2_000;

/**
 * @param {{ engine: import('../driver/index.mjs').Engine, seconds: number, seed: number }} options
 * @returns {Promise<string>} what was done
 */
export async function churn({ engine, seconds, seed }) {
  const profile = mkdtempSync(join(tmpdir(), 'akin-tabs-'));
  const server = await serve(root);
  const browser = await launch({ engine, profile, freezable: engine === 'chromium' });
  const random = createRandom(seed);
  const done = { closed: 0, frozen: 0 };
  let churns = 0;
  const open = async () => {
    const tab = await browser.newTab();
    await openPage(tab, server);
    await ask(tab, 'churn', seed * 1_000 + churns++);
    return tab;
  };
  try {
    const tabs = [];
    for (let at = 0; at < count; at++) tabs.push(await open());
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      await sleep(200 + random(1_500));
      const at = random(count);
      const tab = tabs[at];
      if (!tab) continue;
      if (engine === 'chromium' && random(3) === 0) {
        await tab.freeze(true);
        await sleep(random(1_500));
        await tab.freeze(false);
        done.frozen++;
      } else if (random(3) === 0) {
        await tab.close();
        tabs[at] = await open();
        done.closed++;
      }
    }
    // What was asked for is done before the quiet begins.
    await Promise.all(tabs.map((tab) => ask(tab, 'stop')));
    await sleep(quietMs);
    const [first, ...others] = await Promise.all(tabs.map((tab) => ask(tab, 'replica')));
    const [any] = tabs;
    if (!any) throw new Error('No tab is left.');
    /** @type {[string, number][]} */
    const rows = await ask(any, 'documents');
    assert.deepEqual(first.ids, rows.map(([id]) => id).sort(), `seed ${seed}`);
    for (const other of others) assert.deepEqual(other, first, `seed ${seed}`);
    for (const tab of tabs) {
      assert.deepEqual(await ask(tab, 'lost'), [], `seed ${seed}`);
    }
    const health = await ask(any, 'verify');
    assert.deepEqual(health, expectedHealth({ documents: rows.length }));
    const progress = await Promise.all(tabs.map((tab) => ask(tab, 'progress')));
    for (const { begun, settled, refused } of progress) {
      assert.equal(begun - settled, 0, 'promises that never settled');
      assert.deepEqual(refused, {}, `seed ${seed}`);
    }
    if (seconds >= 60) assert.ok(done.closed > 0 && (done.frozen > 0 || engine !== 'chromium'));
    const calls = progress.reduce((sum, { settled }) => sum + settled, 0);
    return `${calls} calls in the last tabs, ${rows.length} documents; ${JSON.stringify(done)}`;
  } finally {
    await browser.close().catch(() => undefined);
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
