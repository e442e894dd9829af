/**
 * `npm run test:long`: the long suites, which `npm test` leaves out.
 * `npm run test:long -- --since COMMIT` runs those whose subject has changed since,
 * `npm run test:long -- --only "engine fuzz"` those that are named, `-- --only packaging` all of packaging.
 */
import { answer } from './process.mjs';
import { engineSuites } from './tier/engine-suites.mjs';
import { hookSuites } from './tier/hook-suites.mjs';
import { packagingSuites } from './tier/packaging-suites.mjs';
import { build, chromium, examples, install } from './tier/preparation.mjs';
import { finish, runSteps, select } from './tier/run-steps.mjs';
import { storageSuites } from './tier/storage-suites.mjs';
import { typeSuites } from './tier/type-suites.mjs';
import { findRust } from './tier/rust-steps.mjs';
import { Skip, filesIn } from './tier/step.mjs';
import { ensureBrowser } from './toolchain/browsers.mjs';

/**
 * @typedef {import('./tier/step.mjs').Step} Step
 * @typedef {object} Suite
 * @property {Step} step
 * @property {string[]} subjects paths whose change calls for it
 * @property {boolean} [byHand] takes long for what it says of a change, so that `--since` leaves it out
 */

/**
 * @param {import('./toolchain/browsers.mjs').FurtherEngine} engine
 * @returns {Step}
 */
const furtherBrowser = (engine) => ({
  name: engine,
  async run(work) {
    const missing = await ensureBrowser(engine, work.log);
    if (missing && process.env.CI) throw new Error(missing);
    if (missing) throw new Skip(missing);
  },
});

/** @type {Step[]} */
const preparation = [
  install,
  chromium,
  build,
  furtherBrowser('firefox'),
  furtherBrowser('webkit'),
  examples,
  findRust,
];

/** @type {Suite[]} the whole path, in every browser */
const paths = ['chromium', 'firefox', 'webkit'].map((engine) => ({
  subjects: ['packages/', 'examples/ask/', 'e2e/', 'scripts/', 'pnpm-lock.yaml'],
  step: {
    name: `path in ${engine}`,
    needs: ['examples', engine],
    alone: true,
    verbose: true,
    run: (work) =>
      work.nodeTest([...filesIn('e2e/driver', '.e2e.mjs'), ...filesIn('e2e/long', '.e2e.mjs')], {
        env: { AKIN_ENGINES: engine },
      }),
  },
}));

/** @param {string} commit */
function changedSince(commit) {
  const paths = answer('git', ['diff', '--name-only', commit, 'HEAD']);
  if (paths === undefined) throw new Error(`git cannot compare with ${commit}.`);
  return paths.split('\n');
}

/** @param {string} flag */
function valueOf(flag) {
  const at = process.argv.indexOf(flag);
  return at > 0 ? (process.argv[at + 1] ?? '') : undefined;
}

/** @type {Suite[]} */
const suites = [
  ...hookSuites,
  ...typeSuites,
  ...engineSuites,
  ...storageSuites,
  ...packagingSuites,
  ...paths,
];
const steps = [...preparation, ...suites.map(({ step }) => step)];
const since = valueOf('--since');
const changed = since === undefined ? undefined : changedSince(since);
const touched = suites.filter(
  ({ subjects }) =>
    !changed || changed.some((path) => subjects.some((subject) => path.startsWith(subject))),
);
const isLeft = (/** @type {Suite} */ { byHand }) => changed !== undefined && byHand === true;
const wanted = touched.filter((suite) => !isLeft(suite)).map(({ step }) => step.name);
const left = touched.filter(isLeft).map(({ step }) => step.name);
const only = valueOf('--only')?.split(',');

if (!only && left.length > 0) {
  process.stdout.write(`Left to \`npm run test:long\` without --since: ${left.join(', ')}\n`);
}
if (!only && wanted.length === 0) {
  process.stdout.write('No long suite is about what has changed.\n');
  finish({ passed: 0, failed: 0, skipped: 0 });
} else {
  finish(await runSteps(select(steps, only ?? wanted), {}));
}
