import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import { startNodeEngine } from '../../core/node-engine.ts';
import { createRandom } from '../crash/workload.ts';
import { checkDamaged, makeIndex } from './check.ts';
import { createEdit, dumpRows } from './damage.ts';

/**
 * Rows changed behind Akin's back: all of it is reported, every good row is kept, the index opens.
 *
 * `AKIN_SEED=7 npx vitest run --project unit damage` repeats from one seed.
 */
const EDITS = process.env.AKIN_LONG === '1' ? 10_000 : 500;

test(`${EDITS} random edits of stored rows`, async () => {
  const engine = await startNodeEngine();
  const seed = Number(process.env.AKIN_SEED ?? 1);
  const random = createRandom(seed);
  const disk = createMemoryDriver();
  await makeIndex(engine, disk);
  await disk.open();
  const dump = await dumpRows(disk);
  for (let number = 0; number < EDITS; number++) {
    const edit = createEdit(random, dump);
    await checkDamaged(engine, createMemoryDriver(), { stored: dump, dump, edit }).catch((error: unknown) => {
      const name = `edit ${number} of seed ${seed}: ${JSON.stringify(edit)}`;
      throw new Error(name, { cause: error });
    });
  }
  expect(dump.blobs.length).toBeGreaterThan(0);
}, 600_000);
