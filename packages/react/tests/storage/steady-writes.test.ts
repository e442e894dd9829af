import { expect, test } from 'vitest';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { createSnapshotStore } from '../../src/storage/snapshots.ts';
import { createFakeClock } from '../core/fake-clock.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { createTab, description } from './crash/tab.ts';
import { LONG_TEXT, insertDocuments, numberedDocuments } from './insert-documents.ts';

test('where it is never quiet for two seconds, a snapshot is stored after a minute', async () => {
  const disk = createMemoryDriver();
  const clock = createFakeClock();
  const engine = await startNodeEngine();
  const tab = createTab(engine, disk, { clock, defer: (run) => void setImmediate(run) });
  await tab.call('open', description);
  await insertDocuments(tab, numberedDocuments(0, 2_500, LONG_TEXT));
  const snapshots = createSnapshotStore(disk);
  const writeFor = async (seconds: number) => {
    for (let half = 0; half < 2 * seconds; half++) {
      await insertDocuments(tab, numberedDocuments(next, ++next));
      await clock.advance(500);
    }
  };
  let next = 3_000;
  await writeFor(55);
  expect(await snapshots.list()).toEqual([]);
  await writeFor(10);
  await tab.call('follow', {});
  expect(await snapshots.list()).toMatchObject([{ generation: 1 }]);
});
