import { expect, test } from 'vitest';
import { numberedVector, openTestIndex } from './test-index.ts';
import type { Trap } from './trap-worker.ts';

/**
 * An engine that traps, loops for ever or runs out of memory, again and again: every promise settles,
 * nothing acknowledged is lost, and the index answers again soon.
 */
const TRAPS = Number(import.meta.env.VITE_AKIN_TRAPS ?? 12);
const DOCUMENTS = 10_000;
const DIMENSIONS = 32;
/**
 * Chromium gives a worker that is terminated, and does not come out of its script, two seconds. A
 * transaction of it that is not all asked for would stand until then, and keep the next from reading.
 */
const loopInWrite = 'loop while it writes';

test(`${TRAPS} failures of the engine`, async () => {
  const index = openTestIndex(
    {
      dimensions: DIMENSIONS,
      createWorker: () => new Worker('/built/trap-worker.js', { type: 'module' }),
    },
    // So many in a minute are not what the allowance is for.
    { tickMs: 150, maxRestarts: 1_000 },
  );
  const documentOf = (number: number) => ({
    id: `d${number}`,
    vector: numberedVector(number, DIMENSIONS),
  });
  await index.insert(Array.from({ length: DOCUMENTS }, (_, number) => documentOf(number)));

  const traps: readonly Trap[] = ['unreachable', 'loop', 'out-of-memory'];
  // From the moment a worker is given up to the next that is ready.
  const waits: { readonly kind: string; readonly seconds: number }[] = [];
  let kind = '';
  let lostAt: number | null = null;
  index.status.subscribe(() => {
    const { state } = index.status.get();
    if (state === 'opening') lostAt ??= performance.now();
    else if (state === 'ready' && lostAt !== null) {
      waits.push({ kind, seconds: (performance.now() - lostAt) / 1_000 });
      lostAt = null;
    }
  });
  let next = DOCUMENTS;
  for (let at = 0; at < TRAPS; at++) {
    await index.ready();
    const trap = traps[at % traps.length] ?? 'loop';
    kind = trap === 'loop' && at % 2 === 1 ? loopInWrite : trap;
    index.workers.all.at(-1)?.postMessage({ trap });
    // A search meets it first, or a write whose transaction is under way.
    const calls = [
      at % 2 === 0
        ? index.search(numberedVector(at, DIMENSIONS), { k: 3 })
        : index.insert(documentOf(next)),
      index.search(numberedVector(7, DIMENSIONS), { k: 1 }),
      index.insert(documentOf(next + 1)),
    ];
    const outcomes = await Promise.allSettled(calls);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ code: 'worker-lost' });
      }
    }
    // Writes are named, so they are done by the next worker.
    expect(outcomes[2]).toMatchObject({ status: 'fulfilled' });
    expect((await index.search(numberedVector(7, DIMENSIONS), { k: 1 })).hits[0]?.id).toBe('d7');
    next += 2;
    const stored = at % 2 === 0 ? [next - 1] : [next - 2, next - 1];
    for (const number of stored) expect(await index.get(`d${number}`)).toBeDefined();
  }
  expect(index.workers.all.length).toBeGreaterThan(TRAPS / 2);
  expect(index.status.get()).toMatchObject({ state: 'ready', degraded: false });
  for (const one of [...traps, loopInWrite]) {
    const seconds = waits.filter((wait) => wait.kind === one).map((wait) => wait.seconds);
    seconds.sort((a, b) => a - b);
    const median = seconds[seconds.length >> 1] ?? NaN;
    console.info(
      `${one}: ${seconds.length} new workers, ready after ${median.toFixed(2)} s (the median), ` +
        `${seconds.at(-1)?.toFixed(2)} s at most`,
    );
    expect(median).toBeLessThan(1);
  }
}, 1_500_000);
