/** The storage's long suites: what `npm test` does a slice of, and what takes minutes as a whole. */
import { filesIn } from './step.mjs';

/** @typedef {import('./step.mjs').StepWork} StepWork */

const code = ['storage', 'worker', 'core'].map((folder) => `packages/react/src/${folder}/`);
const engine = 'packages/engine/wasm/';
const simulations = [...code, engine, 'packages/react/tests/storage/'];
const browsers = [...code, engine, 'e2e/driver/', 'e2e/storage/', 'e2e/long/storage/'];
const folder = 'e2e/long/storage';

/** A kill takes a second or two, and WebKitGTK three. */
const kills = Number(process.env.AKIN_KILLS ?? 100);
const killMs = 10_000;

/**
 * @param {string} name
 * @param {import('../process.mjs').RunOptions} [options]
 */
const realBrowser = (name, options = {}) => ({
  subjects: browsers,
  step: {
    name: `storage ${name}`,
    needs: ['build', 'chromium'],
    alone: true,
    verbose: true,
    run: (/** @type {StepWork} */ work) => work.nodeTest([`${folder}/${name}.e2e.mjs`], options),
  },
});

/** @type {{ step: import('./step.mjs').Step, subjects: string[], byHand?: boolean }[]} */
export const storageSuites = [
  {
    subjects: simulations,
    step: {
      name: 'storage simulated',
      needs: ['build'],
      verbose: true,
      run: (work) =>
        work.vitest(['--project', 'unit', 'packages/react/tests/storage'], {
          // Half an hour for one change would be much.
          env: { AKIN_LONG: process.argv.includes('--since') ? '0.3' : '1' },
        }),
    },
  },
  {
    subjects: [...code, engine, 'packages/react/tests/core/'],
    step: {
      name: 'storage traps',
      needs: ['build', 'chromium'],
      alone: true,
      verbose: true,
      run: (work) =>
        work.vitest(['--project', 'browser', 'packages/react/tests/core/traps'], {
          env: { VITE_AKIN_TRAPS: '200' },
        }),
    },
  },
  {
    subjects: [...simulations, `${folder}/mutants/`],
    byHand: true,
    step: {
      name: 'storage mutants',
      needs: ['build'],
      alone: true,
      verbose: true,
      // The simulations once for each bug.
      run: (work) =>
        work.nodeTest(filesIn(`${folder}/mutants`, '.test.mjs'), { timeoutMs: 2_400_000 }),
    },
  },
  realBrowser('kills', { timeoutMs: 600_000 + kills * killMs }),
  realBrowser('tabs'),
  realBrowser('limits'),
  realBrowser('lifecycle'),
];
