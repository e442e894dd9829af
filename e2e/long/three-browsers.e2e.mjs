/**
 * The main path with fifty passages, in each real browser: index, ask, reload, ask again.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as app from '../ask/app.mjs';
import { engines, launch, serve } from '../driver/index.mjs';

/* global window */

const count = 50;
const patience = { timeoutMs: 120_000 };

/** Fifty passages of the newest address: the one of April 2021. */
const question = 'Who will get the shot against the virus?';
const answer = /vaccin/i;

for (const engine of engines) {
  test(`${engine}: index, ask, reload, ask again`, async (t) => {
    const profile = mkdtempSync(join(tmpdir(), `akin-ask-${engine}-`));
    const server = await serve(app.folder);
    const browser = await launch({ engine, profile });
    t.after(async () => {
      await browser.close();
      await server.close();
      rmSync(profile, { recursive: true, force: true });
    });
    const { page } = browser;

    const startedAt = performance.now();
    await page.goto(`${server.url}?passages=${count}`);
    await app.waitForSearchable(page, count, patience);
    const seconds = (performance.now() - startedAt) / 1000;
    t.diagnostic(`${count} passages after ${seconds.toFixed(1)} s, the model's download included`);
    assert.equal(await app.countEmbedded(page, 'document'), count);
    const first = await app.ask(page, question, patience);
    assert.match(first.hits.slice(0, 3).join('\n'), answer);

    await page.reload();
    const again = await app.ask(page, question, patience);
    t.diagnostic(`first result ${again.atMs.toFixed(0)} ms after the reload`);
    assert.deepEqual(again.hits, first.hits);
    await page.waitFor(() => window.akin.status.get().insert === null);
    assert.equal(await app.countSearchable(page), count);
    assert.equal(await app.countEmbedded(page, 'document'), 0);
  });
}
