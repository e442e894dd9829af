import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import { startNodeEngine } from '../../core/node-engine.ts';
import { encryptedDescription, readable } from '../crash/tab.ts';
import { createRandom } from '../crash/workload.ts';
import { checkDamaged, makeIndex } from './check.ts';
import type { Damaged } from './check.ts';
import { createEdit, dumpRows } from './damage.ts';
import type { Dump } from './damage.ts';

/**
 * Rows changed behind Akin's back: all of it is reported, every good row is kept, the index opens.
 *
 * `AKIN_SEED=7 npx vitest run --project unit damage` repeats from one seed, `AKIN_LONG=1` makes all edits, `0.3` a
 * third.
 */
const share = Number(process.env.AKIN_LONG ?? 0);
const amount = (least: number, all: number) => Math.max(least, Math.round(all * share));
const seed = Number(process.env.AKIN_SEED ?? 1);
const engine = await startNodeEngine();

async function checkEdits(count: number, about: Omit<Damaged, 'edit'>): Promise<void> {
  const random = createRandom(seed);
  for (let number = 0; number < count; number++) {
    const edit = createEdit(random, about.stored);
    await checkDamaged(engine, createMemoryDriver(), { ...about, edit }).catch((error: unknown) => {
      const name = `edit ${number} of seed ${seed}: ${JSON.stringify(edit)}`;
      throw new Error(name, { cause: error });
    });
  }
  expect(about.stored.blobs.length).toBeGreaterThan(0);
}

test(`random edits of stored rows, seed ${seed}`, { timeout: 600_000 }, async () => {
  const disk = createMemoryDriver();
  await makeIndex(engine, disk);
  await disk.open();
  const dump = await dumpRows(disk);
  await checkEdits(amount(500, 10_000), { stored: dump, dump });
});

test(`random edits of encrypted rows, seed ${seed}`, { timeout: 600_000 }, async () => {
  const disk = createMemoryDriver();
  const payload = encryptedDescription;
  await makeIndex(engine, disk, payload);
  await disk.open();
  const stored = rowsFirst(await dumpRows(disk));
  const index = readable(disk, payload);
  await index.open();
  const dump = {
    ...(await dumpRows(index)),
    // In the order in which they are stored.
    documents: await index.transaction('readonly', ['documents'], (tx) =>
      tx.range('documents', { anyOrder: true }),
    ),
  };
  expect(dump.documents.length).toBe(stored.documents.length - 1);
  await checkEdits(amount(150, 1_000), { stored, dump, payload });
});

/** What is about the encryption comes after the rows of the index. */
function rowsFirst(dump: Dump): Dump {
  const isOwn = (row: object) => !('version' in row) && !('wrapped' in row);
  const sorted = <Row extends object>(rows: readonly Row[]) => [
    ...rows.filter(isOwn),
    ...rows.filter((row) => !isOwn(row)),
  ];
  return {
    meta: sorted(dump.meta),
    documents: sorted(dump.documents),
    vectors: sorted(dump.vectors),
    operations: sorted(dump.operations),
    blobs: sorted(dump.blobs),
  };
}
