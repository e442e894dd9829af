import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Engine, Index, Port } from '../js/node.ts';
import { loadEngine } from '../js/node.ts';
import { clustered, recall, row } from './vectors.ts';

// Each builds 20,000 vectors, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 90_000 });

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const workers: Worker[] = [];
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.terminate())));

/** A second worker, and the port to it. */
function startMirror(endAfter?: number): { port: Port; worker: Worker } {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./mirror-worker.mjs', import.meta.url), {
    workerData: { port: port2, endAfter },
    transferList: [port2],
  });
  workers.push(worker);
  return { port: port1 as unknown as Port, worker };
}

const dimensions = 64;
const count = 20_000;
const vectors = clustered(51, count + 260, dimensions);
const queries = Array.from({ length: 60 }, (_, at) => row(vectors, count + at));

function pending(size = count): Index {
  const index = engine.createIndex({ dimensions, exactBelow: 0, efConstruction: 100 });
  index.add(vectors.data.subarray(0, size * dimensions));
  return index;
}

function meanRecall(index: Index): number {
  const found = queries.map((query) =>
    recall(index.search(query, { k: 10 }), index.search(query, { k: 10, exact: true })),
  );
  return found.reduce((sum, one) => sum + one, 0) / found.length;
}

it('builds a graph that finds everything, and the same one however it is sliced', async () => {
  const index = pending();
  const { rounds, lost } = await index.buildTogether(startMirror().port);
  expect(lost).toBeUndefined();
  expect(rounds).toBeGreaterThan(15);
  expect(index.pending).toBe(0);
  expect(meanRecall(index)).toBeGreaterThan(0.95);
  for (let slot = 0; slot < count; slot += 97) {
    const { slots } = index.search(row(vectors, slot), { k: 1, efSearch: 300 });
    expect(slots[0]).toBe(slot);
  }

  const again = pending();
  await again.buildTogether(startMirror().port, { maxWork: 3_000 });
  expect(Buffer.compare(again.snapshot(), index.snapshot())).toBe(0);
});

it('takes the answer that it waits for, though many vectors come meanwhile', async () => {
  const index = pending(4_000);
  const mirror = startMirror().port as unknown as MessagePort;
  const { port1: port, port2: relay } = new MessageChannel();
  let added = 4_000;
  relay.on('message', (message) => mirror.postMessage(message));
  mirror.on('message', (message) => {
    // Answers come late, and in the last round each time with more to do.
    setTimeout(() => {
      if (index.pending < 500 && added < 8_000) {
        index.add(vectors.data.subarray(added * dimensions, (added + 400) * dimensions));
        added += 400;
      }
      relay.postMessage(message);
    }, 50);
  });
  const { lost } = await index.buildTogether(port as unknown as Port, {
    maxWork: 1_000,
    timeoutMs: 4_000,
  });
  mirror.close();
  relay.close();
  expect(lost).toBeUndefined();
  expect(added).toBeGreaterThan(4_000);
  expect(meanRecall(index)).toBeGreaterThan(0.95);
});

it('answers while it builds, and sees what is added and removed meanwhile', async () => {
  const index = pending();
  const removed = new Set<number>();
  const added: number[] = [];
  let asked = 0;
  let isDone = false;
  const building = index
    .buildTogether(startMirror().port, { maxWork: 5_000 })
    .finally(() => (isDone = true));
  while (!isDone) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const at = asked % 200;
    const [slot] = index.add(row(vectors, count + 60 + at));
    if (asked < 200) added.push(slot!);
    else index.remove([slot!]);
    // With an exact match first, even of what was added a moment ago.
    expect(index.search(row(vectors, count + 60 + at), { k: 1 }).scores[0]).toBeGreaterThan(0.999);
    const gone = (asked * 131) % count;
    if (!removed.has(gone) && !added.includes(gone)) {
      index.remove([gone]);
      removed.add(gone);
    }
    const query = queries[asked % queries.length]!;
    expect(
      recall(index.search(query, { k: 10 }), index.search(query, { k: 10, exact: true })),
    ).toBeGreaterThan(0.6);
    asked++;
  }
  expect((await building).lost).toBeUndefined();
  expect(asked).toBeGreaterThan(20);
  // The last one may have come after the last slice.
  expect(index.pending).toBeLessThan(2);
  index.buildStep();
  expect(index.size).toBe(count - removed.size + added.length);
  expect(meanRecall(index)).toBeGreaterThan(0.95);
  expect(engine.openIndex(index.snapshot()).size).toBe(index.size);
});

it.each([1, 2, 8])('goes on alone when the worker ends after %i messages', async (endAfter) => {
  const index = pending(8_000);
  const { lost } = await index.buildTogether(startMirror(endAfter).port);
  expect(lost).toMatchObject({ code: 'mirror-lost', name: 'EngineError' });
  expect([index.pending, index.size]).toEqual([0, 8_000]);
  expect(meanRecall(index)).toBeGreaterThan(0.95);
});

it('goes on alone when nobody answers', async () => {
  const { port1 } = new MessageChannel();
  const index = pending(6_000);
  const { rounds, lost } = await index.buildTogether(port1 as unknown as Port, { timeoutMs: 50 });
  port1.close();
  expect(rounds).toBe(0);
  expect(lost?.message).toContain('50 ms');
  expect(index.pending).toBe(0);
});

it('goes on alone when what answers is no mirror', async () => {
  for (const answer of [new Uint8Array(4), new Uint8Array(5), 'linked', undefined]) {
    const { port1, port2 } = new MessageChannel();
    const mirror = port2;
    mirror.on('message', ({ akinMirror, build }: { akinMirror: string; build: number }) => {
      if (akinMirror === 'begin') mirror.postMessage({ akinMirror: 'ready', build });
      else mirror.postMessage({ akinMirror: 'linked', build, rows: answer });
    });
    const index = pending(5_000);
    const { lost } = await index.buildTogether(port1 as unknown as Port);
    port1.close();
    expect(lost?.code).toBe('mirror-lost');
    expect(index.pending).toBe(0);
  }
});

it('is aborted by a signal, and can be built on', async () => {
  const controller = new AbortController();
  const index = pending();
  const { port } = startMirror();
  const building = index.buildTogether(port, {
    signal: controller.signal,
    onProgress(left) {
      if (left < 12_000) controller.abort();
    },
  });
  await expect(building).rejects.toMatchObject({ code: 'aborted' });
  expect(index.pending).toBeGreaterThan(11_000);
  const already = AbortSignal.abort();
  await expect(index.buildTogether(port, { signal: already })).rejects.toMatchObject({
    code: 'aborted',
  });
  const { rounds, lost } = await index.buildTogether(port);
  expect([rounds > 5, lost, index.pending]).toEqual([true, undefined, 0]);
  expect(meanRecall(index)).toBeGreaterThan(0.95);
});

it('is one build at a time, and ends with the index', async () => {
  const index = pending();
  const { port } = startMirror();
  const building = index.buildTogether(port);
  const settled = building.catch((error: unknown) => error);
  // At once, and when it is well under way.
  await expect(index.buildTogether(port)).rejects.toMatchObject({ code: 'invalid-input' });
  while (index.pending > 15_000) await new Promise((resolve) => setTimeout(resolve, 5));
  await expect(index.buildTogether(port)).rejects.toMatchObject({ code: 'invalid-input' });
  index.free();
  expect(await settled).toMatchObject({ code: 'closed' });
});

it('is done at once where there is nothing to build', async () => {
  const index = engine.createIndex({ dimensions });
  index.add(vectors.data.subarray(0, 100 * dimensions));
  expect(await index.buildTogether(startMirror().port)).toEqual({ rounds: 0, lost: undefined });
  expect(index.pending).toBe(100);
});
