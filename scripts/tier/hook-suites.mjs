/**
 * The suite of hooks and components once more: on the oldest React that is promised, and compiled by
 * the React Compiler. `npm test` runs it on the newest React. All of them run it with StrictMode and
 * without. And what `npm test` does a few times, often enough to see what is left behind.
 */

/** @typedef {import('./step.mjs').StepWork} StepWork */

const subjects = [
  ...['react', 'core', 'components', 'memory'].flatMap((folder) => [
    `packages/react/src/${folder}/`,
    `packages/react/tests/${folder}/`,
  ]),
  'packages/react/tests/matrix/',
  'vitest.config.ts',
  'package.json',
  'scripts/tier/hook-suites.mjs',
];

/**
 * @param {string} name
 * @param {string[]} more paths whose change calls for it as well
 * @param {(work: StepWork) => Promise<void>} run
 */
const suite = (name, more, run) => ({
  subjects: [...subjects, ...more],
  step: { name: `hooks: ${name}`, needs: ['build', 'chromium'], alone: true, verbose: true, run },
});

/** @type {{ step: import('./step.mjs').Step, subjects: string[], byHand?: boolean }[]} */
export const hookSuites = [
  {
    ...suite('React 18', [], (work) => work.vitest(['--project', 'hooks-react-18'])),
    byHand: true,
  },
  {
    ...suite('compiler', [], (work) => work.vitest(['--project', 'hooks-compiler'])),
    byHand: true,
  },
  suite('nothing left', ['packages/react/src/worker/'], (work) =>
    work.vitest(['--project', 'browser', 'packages/react/tests/react/nothing-left'], {
      env: { VITE_AKIN_MOUNTS: '1000' },
    }),
  ),
  suite('hot reload', ['packages/react/src/worker/', 'e2e/hot-reload'], (work) =>
    work.nodeTest(['e2e/hot-reload.e2e.mjs'], { env: { AKIN_RELOADS: '50' } }),
  ),
];
