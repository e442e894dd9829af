import { expect, it } from 'vitest';
import { loadEngine } from '../js/browser.ts';
import { clustered, recall, row } from './vectors.ts';

const dimensions = 64;
const count = 20_000;
const wasm = new URL('../wasm/akin_engine_bg.wasm', import.meta.url);
const startWorker = () =>
  new Worker(new URL('./mirror-worker.ts', import.meta.url), { type: 'module' });

it('builds with a second worker, answers meanwhile, and goes on when that ends', async () => {
  const engine = await loadEngine(wasm);
  const vectors = clustered(61, count + 40, dimensions);
  for (const isTerminated of [false, true]) {
    const worker = startWorker();
    const index = engine.createIndex({ dimensions, exactBelow: 0, efConstruction: 100 });
    index.add(vectors.data.subarray(0, count * dimensions));
    let isDone = false;
    const building = index
      .buildTogether(worker, {
        timeoutMs: isTerminated ? 300 : 10_000,
        onProgress(left) {
          if (isTerminated && left < 10_000) worker.terminate();
        },
      })
      .finally(() => (isDone = true));
    let asked = 0;
    while (!isDone) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const slot = (asked++ * 997) % count;
      const { slots } = index.search(row(vectors, slot), { k: 1, efSearch: 300 });
      expect(slots[0]).toBe(slot);
    }
    const { rounds, lost } = await building;
    expect(rounds).toBeGreaterThan(isTerminated ? 5 : 15);
    expect(lost?.code).toBe(isTerminated ? 'mirror-lost' : undefined);
    expect(asked).toBeGreaterThan(10);
    expect([index.pending, index.size]).toEqual([0, count]);
    let found = 0;
    for (let at = 0; at < 40; at++) {
      const query = row(vectors, count + at);
      const exact = index.search(query, { k: 10, exact: true });
      found += recall(index.search(query, { k: 10 }), exact) / 40;
    }
    expect(found).toBeGreaterThan(0.95);
    worker.terminate();
    index.free();
  }
}, 120_000);
