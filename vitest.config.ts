import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { builtWorkers } from './packages/react/tests/built-workers.ts';
import { embedderFixtures } from './packages/react/tests/embedders/fixtures/serve-fixtures.ts';
import { reactCompiler } from './packages/react/tests/matrix/react-compiler.ts';

const folders = [
  'packages/*/{src,tests,tests-js}',
  'examples/*/{src,tests}',
  'scripts',
  'e2e',
] as const;
const testsNamed = (ending: string) => folders.map((folder) => `${folder}/**/*${ending}`);

const chromium = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      executablePath: process.env.AKIN_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  }),
  instances: [{ browser: 'chromium' as const }],
};

// Found while tests run, a dependency would reload the page under them.
const dependencies = [
  '@base-ui/react/autocomplete',
  '@base-ui/react/direction-provider',
  '@base-ui/react/use-render',
  '@tanstack/react-query',
  '@testing-library/react',
  'dexie',
];
const react = ['react', 'react-dom', 'react-dom/server', 'react/jsx-dev-runtime'];

/** The suite of hooks and components, for projects that run it in another way (`npm run test:long`). */
const hookTests = ['react', 'components', 'memory'].map(
  (folder) => `packages/react/tests/${folder}/**/*.browser.test.tsx`,
);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: testsNamed('.test.{ts,tsx}'),
          exclude: ['**/node_modules/**', '**/*.browser.test.{ts,tsx}'],
        },
      },
      {
        plugins: [embedderFixtures(), builtWorkers()],
        optimizeDeps: { include: [...dependencies, ...react] },
        test: {
          name: 'browser',
          include: testsNamed('.browser.test.{ts,tsx}'),
          browser: chromium,
        },
      },
      {
        // The oldest peers. By name, so that TanStack Query, Base UI and Testing Library get the same React.
        resolve: {
          alias: [
            { find: /^react(-dom)?(?=\/|$)/, replacement: 'react$1-18' },
            { find: '@tanstack/react-query', replacement: 'react-query-5.25' },
          ],
        },
        optimizeDeps: {
          include: [
            ...dependencies.filter((name) => name !== '@tanstack/react-query'),
            'react-query-5.25',
            ...react.map((name) => name.replace(/^react(-dom)?/, 'react$1-18')),
          ],
        },
        test: {
          name: 'hooks-react-18',
          include: [...hookTests, 'packages/react/tests/matrix/react-18.tsx'],
          browser: chromium,
        },
      },
      {
        plugins: [reactCompiler()],
        optimizeDeps: { include: [...dependencies, ...react, 'react/compiler-runtime'] },
        test: {
          name: 'hooks-compiler',
          include: [...hookTests, 'packages/react/tests/matrix/compiler.tsx'],
          browser: chromium,
        },
      },
      '.storybook/vitest.config.ts',
    ],
  },
});
