/** The packed package in an app of each bundler, and under Content Security Policies. */
import { bundlers } from '../../e2e/packaging/bundlers.mjs';

const subjects = [
  ...['package.json', 'tsdown.config.ts'].map((file) => `packages/react/${file}`),
  ...['core', 'inline', 'react', 'worker'].map((folder) => `packages/react/src/${folder}/`),
  'packages/engine/wasm/',
  'e2e/driver/',
  'e2e/packaging/',
  'examples/next/',
  'scripts/packages/',
];

/**
 * @param {string} name
 * @param {string} file
 * @param {Record<string, string>} [env]
 */
const suite = (name, file, env = {}) => ({
  subjects,
  step: {
    name: `packaging: ${name}`,
    needs: ['build', 'chromium'],
    verbose: true,
    run: (/** @type {import('./step.mjs').StepWork} */ work) =>
      work.nodeTest([`e2e/packaging/${file}.e2e.mjs`], { env }),
  },
});

/** @type {{ step: import('./step.mjs').Step, subjects: string[], byHand?: boolean }[]} */
export const packagingSuites = [
  ...bundlers.map(({ name }) => ({
    ...suite(name.replace('-', ' '), 'bundlers', { AKIN_BUNDLER: name }),
    byHand: name !== 'vite-8',
  })),
  suite('policies', 'policies'),
  { ...suite('next example', 'next-example'), byHand: true },
];
