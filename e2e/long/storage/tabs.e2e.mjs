/** `AKIN_SECONDS=120 AKIN_SEED=7 node e2e/long/storage/tabs.e2e.mjs` */
import { test } from 'node:test';
import { engines } from '../../driver/index.mjs';
import { churn } from '../../storage/tabs.mjs';

const seed = Number(process.env.AKIN_SEED ?? Date.now() % 1_000_000);
const seconds = Number(process.env.AKIN_SECONDS ?? 120);

for (const engine of engines) {
  test(`five tabs for ${seconds} s in ${engine}, seed ${seed}`, async (t) => {
    t.diagnostic(await churn({ engine, seconds, seed }));
  });
}
