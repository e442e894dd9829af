import type { Preview } from '@storybook/react-vite';
import '@akin/react/styles.css';
import './preview.css';
import { destroyStoryIndexes } from '../stories/support/story-index.ts';

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    // A violation fails the story's test.
    a11y: { test: 'error' },
    options: {
      storySort: {
        order: [
          'Start here',
          'SemanticSearchBox',
          'ChatMemory',
          'useStorageStatus',
          'VectorIndexDevtools',
        ],
      },
    },
    viewport: {
      options: {
        phone: { name: 'Phone', styles: { width: '360px', height: '740px' } },
        tablet: { name: 'Tablet', styles: { width: '768px', height: '1024px' } },
        desktop: { name: 'Desktop', styles: { width: '1280px', height: '800px' } },
      },
    },
  },
  globalTypes: {
    theme: {
      description: 'Colours',
      toolbar: {
        icon: 'mirror',
        items: [
          { value: 'system', title: 'As the system' },
          { value: 'light', title: 'Light' },
          { value: 'dark', title: 'Dark' },
        ],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { theme: 'light' },
  decorators: [
    (Story, { globals, parameters }) => {
      const { width = 720, minHeight = 560 } = parameters as Frame;
      const theme = globals['theme'] as string;
      return (
        <div
          className="story-page"
          style={{ minHeight }}
          {...(theme === 'system' ? {} : { 'data-theme': theme })}
        >
          <main style={{ maxInlineSize: width }}>
            <Story />
          </main>
        </div>
      );
    },
  ],
  beforeEach: () => destroyStoryIndexes,
};

interface Frame {
  /** The widest that the story gets, in px. */
  readonly width?: number;
  readonly minHeight?: number;
}

export default preview;
