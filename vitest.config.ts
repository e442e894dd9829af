import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { builtWorkers } from './packages/react/tests/built-workers.ts';
import { embedderFixtures } from './packages/react/tests/embedders/fixtures/serve-fixtures.ts';

const folders = [
  'packages/*/{src,tests,tests-js}',
  'examples/*/{src,tests}',
  'scripts',
  'e2e',
] as const;
const testsNamed = (ending: string) => folders.map((folder) => `${folder}/**/*${ending}`);

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
        // Found while tests run, a dependency would reload the page under them.
        optimizeDeps: {
          include: [
            '@base-ui/react/autocomplete',
            '@base-ui/react/direction-provider',
            '@base-ui/react/use-render',
            '@tanstack/react-query',
            '@testing-library/react',
            'dexie',
            'react',
            'react-dom',
            'react-dom/server',
            'react/jsx-dev-runtime',
          ],
        },
        test: {
          name: 'browser',
          include: testsNamed('.browser.test.{ts,tsx}'),
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: process.env.AKIN_CHROMIUM ?? '/usr/bin/chromium',
                args: ['--no-sandbox', '--disable-dev-shm-usage'],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      '.storybook/vitest.config.ts',
    ],
  },
});
