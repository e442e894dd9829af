import { expect, test } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { openTab } from '../storage/crash/tab.ts';
import { vectorOf } from '../storage/crash/workload.ts';
import { insertDocuments, numberedDocuments } from '../storage/insert-documents.ts';

test('a search enters the engine when what is being written is asked for, however often that is', async () => {
  const writes: Promise<void>[] = [];
  const driver: StorageDriver = {
    ...createMemoryDriver(),
    get writing() {
      return writes[0] ?? null;
    },
  };
  const tab = await openTab(await startNodeEngine(), driver);
  await insertDocuments(tab, numberedDocuments(0, 3));
  const finish: (() => void)[] = [];
  const write = () => new Promise<void>((resolve) => finish.push(resolve));
  writes.push(write(), write());
  let isAnswered = false;
  const found = tab.call('search', {
    target: vectorOf({ text: 'd1' }),
    k: 1,
    namespace: 'n',
    minScore: undefined,
    diversity: 0,
    efSearch: undefined,
    exact: true,
    filter: undefined,
  });
  void found.then(() => (isAnswered = true));
  for (const next of finish) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAnswered).toBe(false);
    void writes.shift();
    next();
  }
  expect((await found).hits.map(({ id }) => id)).toEqual(['d1']);
});
