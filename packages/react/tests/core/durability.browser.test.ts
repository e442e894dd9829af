import { expect, test } from 'vitest';
import type { Durability } from '../../src/core/index.ts';
import type { WriteTransaction } from './durability-worker.ts';
import { numberedVector, openTestIndex, uniqueName } from './test-index.ts';

const DIMENSIONS = 16;

/** Everything that writes, and the transactions that it made. */
async function watch(durability: Durability | undefined) {
  const name = uniqueName();
  const seen: WriteTransaction[] = [];
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => seen.push(data as WriteTransaction);
  const index = openTestIndex({
    name,
    dimensions: DIMENSIONS,
    durability,
    createWorker: () =>
      new Worker(new URL('./durability-worker.ts', import.meta.url), { type: 'module', name }),
  });
  const during = async (run: () => Promise<unknown>) => {
    seen.length = 0;
    await run();
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    // What follows a transaction that was seen is seen after it.
    await index.count();
    return seen.map((transaction) => transaction.durability);
  };
  const documents = Array.from({ length: 40 }, (_, n) => ({
    id: `d${n}`,
    text: `text ${n}`,
    vector: numberedVector(n, DIMENSIONS),
  }));
  const durabilities = {
    open: await during(() => index.ready()),
    insert: await during(() => index.insert(documents)),
    patch: await during(() => index.insert({ id: 'd1', metadata: { n: 1 } })),
    remove: await during(() => index.remove('d2')),
    snapshot: await during(() => index.optimize()),
    // Without a removal: what it does besides.
    purge: await during(() => index.purge('d2')),
    repair: await during(() => index.repair()),
  };
  channel.close();
  return durabilities;
}

const all = (list: readonly string[]) => [...new Set(list)];

test('by default every transaction that writes is strict', async () => {
  const found = await watch(undefined);
  for (const [what, list] of Object.entries(found)) expect(all(list), what).toEqual(['strict']);
});

test('relaxed are operations, and nothing else', async () => {
  const found = await watch('relaxed');
  expect(found).toMatchObject({ insert: ['relaxed'], patch: ['relaxed'], remove: ['relaxed'] });
  for (const what of ['open', 'snapshot', 'repair'] as const) {
    expect(all(found[what]), what).toEqual(['strict']);
  }
  // The removal, of nothing, then what proves that nothing is left.
  expect(found.purge[0]).toBe('relaxed');
  expect(all(found.purge.slice(1))).toEqual(['strict']);
});

test('another word is refused before anything is opened', () => {
  expect(() => openTestIndex({ durability: 'eventual' as Durability })).toThrow(
    'There is no durability "eventual"',
  );
});
