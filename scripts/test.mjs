/**
 * `npm test`: installs what is missing, then checks and tests everything.
 * `npm test -- --only unit,e2e` runs those steps and what they need.
 */
import { build, chromium, examples, install } from './tier/preparation.mjs';
import { finish, runSteps, select } from './tier/run-steps.mjs';
import { rustSteps } from './tier/rust-steps.mjs';
import { filesIn } from './tier/step.mjs';

/** @typedef {import('./tier/step.mjs').Step} Step */

/** @type {Step[]} */
const checks = [
  { name: 'format', needs: ['install'], run: (work) => work.pnpm(['run', 'format:check']) },
  { name: 'types', needs: ['build'], run: (work) => work.pnpm(['run', 'typecheck']) },
  { name: 'lint', needs: ['build'], run: (work) => work.pnpm(['run', 'lint']) },
  { name: 'imports', needs: ['build'], run: (work) => work.pnpm(['run', 'lint:imports']) },
  {
    name: 'packages',
    needs: ['build'],
    verbose: true,
    async run(work) {
      await work.exec(process.execPath, ['scripts/packages/sizes.mjs']);
      await work.exec(process.execPath, ['scripts/packages/check.mjs']);
    },
  },
  {
    name: 'reference',
    needs: ['build'],
    run: (work) => work.exec(process.execPath, ['scripts/api/reference.mjs', '--check']),
  },
  {
    name: 'examples-in-docs',
    needs: ['build'],
    run: (work) => work.exec(process.execPath, ['scripts/api/examples.mjs']),
  },
];

/** @type {Step[]} */
const tests = [
  {
    name: 'unit',
    needs: ['build'],
    verbose: true,
    run: (work) => work.vitest(['--project', 'unit']),
  },
  {
    name: 'mutants have their places',
    verbose: true,
    run: (work) => work.nodeTest(['e2e/long/storage/mutants/places.test.mjs']),
  },
  {
    name: 'bench',
    needs: ['build'],
    alone: true,
    verbose: true,
    run: (work) => work.nodeTest([...filesIn('bench/tests', '.test.mjs'), 'bench/gate/gate.mjs']),
  },
  {
    name: 'browser',
    needs: ['build', 'chromium'],
    alone: true,
    verbose: true,
    run: (work) => work.vitest(['--project', 'browser']),
  },
  {
    name: 'stories',
    needs: ['build', 'chromium'],
    alone: true,
    verbose: true,
    run: (work) => work.vitest(['--project', 'storybook']),
  },
  {
    name: 'e2e',
    needs: ['examples', 'chromium'],
    alone: true,
    verbose: true,
    run: (work) =>
      work.nodeTest([...filesIn('e2e/driver', '.e2e.mjs'), ...filesIn('e2e', '.e2e.mjs')]),
  },
];

const steps = [
  install,
  chromium,
  ...rustSteps,
  // Everything is tested with the engine that was built here, where one could be.
  { ...build, needs: ['install', 'engine'] },
  examples,
  ...checks,
  ...tests,
];

const flag = process.argv.indexOf('--only');
const only = flag > 0 ? (process.argv[flag + 1] ?? '').split(',') : undefined;

finish(await runSteps(select(steps, only), {}));
