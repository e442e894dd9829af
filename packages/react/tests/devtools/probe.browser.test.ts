import { describe, expect, test, vi } from 'vitest';
import { probeRecall } from '../../src/devtools/probe.ts';
import { numberedVector, openTestIndex } from '../core/test-index.ts';

const DIMENSIONS = 32;

async function filled(count: number) {
  const index = openTestIndex({ dimensions: DIMENSIONS });
  await index.insert(
    Array.from({ length: count }, (_, number) => ({
      id: `n${number}`,
      vector: numberedVector(number, DIMENSIONS),
    })),
  );
  await vi.waitFor(() => expect(index.status.get().unindexedCount).toBe(0), 60_000);
  return index;
}

const { signal } = new AbortController();
const quiet = { namespace: 'default', signal, onProgress: () => undefined };

describe('the recall probe', () => {
  test('measures what walks find of what there is, and what they save', async () => {
    const index = await filled(11_000);
    const progress: [number, number][] = [];
    const report = await probeRecall(index, {
      ...quiet,
      count: 30,
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(report).toMatchObject({ asked: 30, walks: 30, efSearch: 64 });
    expect(report.recall).toBeGreaterThan(0.5);
    expect(report.recall).toBeLessThanOrEqual(1);
    expect(report.exact.evaluations).toBe(10_999);
    expect(report.usual.evaluations).toBeLessThan(8_000);
    expect(progress[0]).toEqual([0, 30]);
    expect(progress.at(-1)).toEqual([30, 30]);
    expect(progress.map(([done]) => done)).toEqual(Array.from({ length: 31 }, (_, at) => at));
  }, 120_000);

  test('says where there is no graph, and finds everything there', async () => {
    const index = await filled(60);
    const report = await probeRecall(index, { ...quiet, count: 20 });
    expect(report).toMatchObject({ walks: 0, recall: 1, efSearch: null });
    expect(report.usual.evaluations).toBe(59);
    expect(report.asked).toBe(20);
    // More than there are: each once.
    const most = await probeRecall(index, { ...quiet, count: 200 });
    expect(most.asked).toBe(60);
  });

  test('copies of one document are no misses', async () => {
    const index = openTestIndex({ dimensions: DIMENSIONS });
    const vector = numberedVector(1, DIMENSIONS);
    await index.insert(
      Array.from({ length: 40 }, (_, number) => ({ id: `copy${number}`, vector })),
    );
    expect(await probeRecall(index, { ...quiet, count: 10 })).toMatchObject({ recall: 1 });
  });

  test('has nothing to tell of one document, of none, and of an unknown namespace', async () => {
    const index = openTestIndex({ dimensions: DIMENSIONS });
    await index.ready();
    expect(await probeRecall(index, { ...quiet, count: 5 })).toMatchObject({ recall: null });
    await index.insert({ id: 'one', vector: numberedVector(1, DIMENSIONS) });
    const alone = await probeRecall(index, { ...quiet, count: 5 });
    expect(alone).toMatchObject({ asked: 1, recall: null });
    const elsewhere = await probeRecall(index, { ...quiet, namespace: 'none', count: 5 });
    expect(elsewhere).toMatchObject({ asked: 0, recall: null });
  });

  test('ends when it is aborted, and passes over what was removed meanwhile', async () => {
    const index = await filled(200);
    const controller = new AbortController();
    let steps = 0;
    const probe = probeRecall(index, {
      ...quiet,
      count: 100,
      signal: controller.signal,
      onProgress: () => ++steps === 5 && controller.abort(),
    });
    await expect(probe).rejects.toMatchObject({ code: 'aborted' });
    expect(steps).toBe(5);

    const gone = probeRecall(index, {
      ...quiet,
      count: 100,
      onProgress: (done) => void (done === 3 && index.remove({ namespace: 'default' })),
    });
    const { asked } = await gone;
    expect(asked).toBeLessThan(60);
  });
});
