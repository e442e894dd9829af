import type { StorybookConfig } from '@storybook/react-vite';
import { mergeConfig } from 'vite';
import { modelServer } from './model-server.ts';

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-vitest', '@storybook/addon-a11y'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  viteFinal: (base) =>
    mergeConfig(base, {
      plugins: [modelServer()],
      resolve: { dedupe: ['react', 'react-dom', '@tanstack/react-query', '@base-ui/react'] },
      // Found while stories run, a dependency would reload the page under them.
      optimizeDeps: {
        include: [
          'react',
          'react-dom',
          'react-dom/client',
          'react/jsx-runtime',
          'react/jsx-dev-runtime',
          '@tanstack/react-query',
          '@base-ui/react/autocomplete',
          '@base-ui/react/direction-provider',
          '@base-ui/react/use-render',
        ],
      },
    }),
};

export default config;
