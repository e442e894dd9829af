/** What an app's TypeScript makes of the built declarations. */

/** @typedef {import('./step.mjs').StepWork} StepWork */

/** @type {{ step: import('./step.mjs').Step, subjects: string[] }[]} */
export const typeSuites = [
  {
    subjects: [
      ...['engine/js', 'react/src', 'minilm/src'].map((folder) => `packages/${folder}/`),
      ...['engine', 'react', 'minilm'].map((name) => `packages/${name}/package.json`),
      'e2e/long/types/',
      'package.json',
    ],
    step: {
      name: 'TypeScript versions',
      needs: ['build'],
      verbose: true,
      run: (/** @type {StepWork} */ work) => work.nodeTest(['e2e/long/types/versions.e2e.mjs']),
    },
  },
];
