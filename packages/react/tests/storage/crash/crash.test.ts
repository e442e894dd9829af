import { describe, expect, test } from 'vitest';
import { startNodeEngine } from '../../core/node-engine.ts';
import type { FaultKind } from './faulty-driver.ts';
import { simulate } from './simulation.ts';
import { description, encryptedDescription } from './tab.ts';
import { createRandom, createWorkload } from './workload.ts';

/**
 * The index worker's real code over a disk that fails, or outlives it, at any step it takes: no
 * acknowledged write is lost, none is done twice, the log has no holes.
 *
 * `AKIN_SEED=7 npx vitest run --project unit crash` repeats one workload, `AKIN_LONG=1` runs all, `0.3` a third.
 */

const KINDS: readonly FaultKind[] = ['fail', 'kill', 'kill-after'];
const share = Number(process.env.AKIN_LONG ?? 0);
const amount = (least: number, all: number) => Math.max(least, Math.round(all * share));
const only = process.env.AKIN_SEED;
const ACTIONS = 12;

const seeds = (count: number) =>
  only === undefined ? Array.from({ length: count }, (_, seed) => seed) : [Number(only)];

const engine = await startNodeEngine();

const INDEXES = [
  {
    what: 'plain',
    payload: description,
    everywhere: amount(3, 40),
    stride: 1,
    somewhere: amount(20, 200),
  },
  // More steps, and each waits for WebCrypto: about twenty times as long.
  {
    what: 'encrypted',
    payload: encryptedDescription,
    everywhere: amount(1, 5),
    stride: only === undefined ? 12 : 1,
    somewhere: amount(8, 30),
  },
];

describe.for(INDEXES)('$what', ({ payload, everywhere, stride, somewhere }) => {
  describe('a fault at every step of a workload', () => {
    test.for(seeds(everywhere))('seed %i', { timeout: 600_000 }, async (seed) => {
      const actions = createWorkload(seed, ACTIONS);
      const steps = await simulate(engine, actions, null, payload);
      expect(steps).toBeGreaterThan(20);
      // Not the same steps of each workload.
      for (let step = 1 + (seed % stride); step <= steps; step += stride) {
        for (const kind of KINDS) {
          await simulate(engine, actions, { step, kind }, payload).catch((error: unknown) => {
            throw new Error(`seed ${seed}, ${kind} at step ${step} of ${steps}`, { cause: error });
          });
        }
      }
    });
  });

  const long = seeds(somewhere);

  test(`a fault somewhere in long workloads, seeds ${long[0]} to ${long.at(-1)}`, async () => {
    for (const seed of long.map((number) => 1_000 + number)) {
      const actions = createWorkload(seed, 80);
      const random = createRandom(seed * 31);
      const steps = await simulate(engine, actions, null, payload).catch((error: unknown) => {
        throw new Error(`seed ${seed - 1_000}, without a fault`, { cause: error });
      });
      const fault = { step: 1 + random(steps), kind: KINDS[random(3)] ?? 'kill' };
      await simulate(engine, actions, fault, payload).catch((error: unknown) => {
        throw new Error(`seed ${seed - 1_000}, ${fault.kind} at step ${fault.step}`, {
          cause: error,
        });
      });
    }
  }, 600_000);
});
