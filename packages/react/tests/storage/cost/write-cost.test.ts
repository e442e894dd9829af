import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import { numberedVector } from '../../core/numbered-vector.ts';
import { startNodeEngine } from '../../core/node-engine.ts';
import { createCountingDriver } from './counting-driver.ts';
import { openQuietTab } from './quiet-tab.ts';

const DIMENSIONS = 8;
/**
 * Links enough that storing them takes several times as much as makes a snapshot worth while: that is
 * what the links of 100,000 documents take, at a twentieth of the work.
 */
const LINKS = 48;
const STORED = 32_000;
const ADDED = 8_000;
const BATCH = 100;
const TEXT = 'Whatever else they say, documents are mostly text. '.repeat(40);

/** What was written at most, as a multiple of the rows of the documents that were added. */
const MOST = 4;

test('adding to a large index writes at most four times the rows, maintenance included', async () => {
  const driver = createCountingDriver(createMemoryDriver());
  const tab = await openQuietTab(await startNodeEngine(), driver, {
    dimensions: DIMENSIONS,
    hnsw: { m: LINKS, efConstruction: 40 },
  });
  const insert = (first: number, count: number, text: string) =>
    tab.insert(
      Array.from({ length: count }, (_, n) => ({
        id: `d${first + n}`,
        text,
        vector: numberedVector(first + n, DIMENSIONS),
      })),
    );
  for (let at = 0; at < STORED; at += 1_000) await insert(at, 1_000, '');
  await tab.quiet();
  await tab.call('snapshot', {});
  const whole = driver.take().blobs;

  const written = { rows: 0, log: 0, maintenance: 0, snapshots: 0 };
  for (let at = STORED; at < STORED + ADDED; at += BATCH) {
    await insert(at, BATCH, TEXT);
    const put = driver.take();
    written.rows += put.documents + put.vectors;
    written.log += put.operations + put.meta;
    // The worst that can happen: after each batch there is time for everything.
    await tab.quiet();
    const { blobs, meta, ...rest } = driver.take();
    expect(rest).toEqual({ documents: 0, vectors: 0, operations: 0 });
    written.maintenance += blobs + meta;
    if (blobs > 0) written.snapshots++;
  }
  const total = written.rows + written.log + written.maintenance;
  console.log(
    `${ADDED} documents: ${(total / written.rows).toFixed(2)} times their rows, of which maintenance ` +
      `${(written.maintenance / written.rows).toFixed(2)} and log ${(written.log / written.rows).toFixed(4)}; ` +
      `${written.snapshots} snapshots; all of the index ${whole} bytes`,
  );
  expect(await tab.call('count', { namespace: 'default' })).toBe(STORED + ADDED);
  expect(total).toBeLessThanOrEqual(MOST * written.rows);
  // Otherwise there was nothing to limit.
  expect(written.snapshots).toBeGreaterThanOrEqual(2);
}, 120_000);
