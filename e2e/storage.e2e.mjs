/**
 * A slice of the storage suites: kills, and tabs that write at the same time.
 * `npm run test:long` does more of both, and `AKIN_SEED=7` repeats a run.
 */
import { test } from 'node:test';
import { kill } from './storage/kills.mjs';
import { churn } from './storage/tabs.mjs';

const engine = 'chromium';
const seed = Number(process.env.AKIN_SEED ?? Date.now() % 1_000_000);

test(`five kills, seed ${seed}`, async (t) => {
  t.diagnostic(await kill({ engine, kills: 5, seed }));
});

test(`five tabs for ten seconds, seed ${seed}`, async (t) => {
  t.diagnostic(await churn({ engine, seconds: 10, seed }));
});
