import { expect, test } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { createFakeClock } from '../core/fake-clock.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { createTab, description } from '../storage/crash/tab.ts';
import { LONG_TEXT, insertDocuments, numberedDocuments } from '../storage/insert-documents.ts';

interface AskedDriver extends StorageDriver {
  asked: number;
  /** How often of these to write. */
  written: number;
}

/** A disk that counts how often it is asked. */
function createAskedDriver(): AskedDriver {
  const disk = createMemoryDriver();
  const driver: AskedDriver = {
    ...disk,
    asked: 0,
    written: 0,
    transaction(mode, tables, body, durability) {
      driver.asked++;
      if (mode === 'readwrite') driver.written++;
      return disk.transaction(mode, tables, body, durability);
    },
  };
  return driver;
}

test('an index without an engine that nobody uses leaves the database alone', async () => {
  const disk = createAskedDriver();
  const clock = createFakeClock();
  const tab = createTab(await startNodeEngine(), disk, {
    clock,
    defer: (run) => void setImmediate(run),
  });
  await tab.call('open', { ...description, isDegraded: true });
  await insertDocuments(tab, numberedDocuments(0, 2_500, LONG_TEXT));
  disk.written = 0;
  await clock.advance(10_000);
  // There is no snapshot to take, however much was written.
  expect(disk.written).toBe(0);
  disk.asked = 0;
  await clock.advance(60_000);
  expect(disk.asked).toBe(0);
});
