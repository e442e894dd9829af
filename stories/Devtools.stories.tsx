import { VectorIndexProvider } from '@akin/react';
import { SemanticSearchBox } from '@akin/react/components';
// The other one renders nothing in a Storybook that was built.
import { VectorIndexDevtools } from '@akin/react/devtools/production';
import '@akin/react/devtools.css';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { workerWithBrokenEngine } from './support/faulty-workers.ts';
import { loadPassages, openStoryIndex, type StoryLoad } from './support/story-index.ts';

type Args = React.ComponentProps<typeof VectorIndexDevtools>;

const meta = {
  title: 'VectorIndexDevtools',
  component: VectorIndexDevtools,
  args: { initialIsOpen: true },
  parameters: { minHeight: 720 },
  loaders: [() => load()],
  render: (args, { loaded }) => (
    <VectorIndexProvider index={(loaded as StoryLoad).index}>
      <VectorIndexDevtools {...args} />
    </VectorIndexProvider>
  ),
} satisfies Meta<Args>;

export default meta;
type Story = StoryObj<Args>;

/** Notes in two namespaces, with vectors of their own: most of this needs no model. */
async function load(options: Parameters<typeof openStoryIndex>[0] = {}): Promise<StoryLoad> {
  const index = openStoryIndex({ embedder: undefined, dimensions: 4, ...options });
  await index.insert(
    Array.from({ length: 1_204 }, (_, at) => ({
      id: `note-${at}`,
      vector: Float32Array.of(1, at % 7, at % 11, at % 13),
      namespace: at % 4 === 0 ? 'archive' : 'notes',
    })),
  );
  return { index };
}

const slowly = { timeout: 15_000 };

const region = (canvasElement: HTMLElement, name: string) =>
  within(within(canvasElement).getByRole('region', { name }));

/** A button in a corner. */
export const Closed: Story = {
  args: { initialIsOpen: false },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const open = canvas.getByRole('button', { name: 'Open Akin devtools' });
    await userEvent.click(open);
    await expect(canvas.getByRole('dialog')).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    await expect(canvas.getByRole('button', { name: 'Open Akin devtools' })).toHaveFocus();
  },
};

/** What the index holds; nothing was asked yet. */
export const Open: Story = {
  async play({ canvasElement }) {
    const dialog = within(within(canvasElement).getByRole('dialog'));
    const documents = dialog.getByText('Documents', { selector: 'dt' });
    await waitFor(() => expect(documents.nextElementSibling).toHaveTextContent('1,204'), slowly);
    await dialog.findByText('notes 903 · archive 301', {}, slowly);
    await dialog.findByText(/^IndexedDB · this site uses/, {}, slowly);
  },
};

/** Each letter asks; what is typed on is given up. Times are drawn, ids and counts are logged, texts are not. */
export const Recording: Story = {
  loaders: [loadPassages],
  render: (args, { loaded }) => (
    <VectorIndexProvider index={(loaded as StoryLoad).index}>
      <SemanticSearchBox inline k={5} />
      <VectorIndexDevtools {...args} />
    </VectorIndexProvider>
  ),
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('combobox', { name: 'Search by meaning' }));
    await userEvent.keyboard('medicine for a rare illness');
    const latency = region(canvasElement, 'Latency');
    await waitFor(() => expect(latency.getAllByRole('img')).toHaveLength(2), slowly);
    const log = region(canvasElement, 'Log');
    await waitFor(() =>
      expect(log.getAllByText(/^Search: 5 of \d+, by text$/)).not.toHaveLength(0),
    );
    await expect(canvas.getByRole('dialog')).not.toHaveTextContent('medicine');
  },
};

/** Of documents that are there, what searches find of what there is to find. */
export const Recall: Story = {
  async play({ canvasElement }) {
    const recall = region(canvasElement, 'Recall');
    const measure = recall.getByRole('button', { name: 'Measure' });
    await waitFor(() => expect(measure).not.toHaveAttribute('aria-disabled'), slowly);
    await userEvent.click(measure);
    await recall.findByText('Recall@10', {}, slowly);
    await expect(recall.getByText('1.000')).toBeVisible();
    await expect(region(canvasElement, 'Log').queryAllByRole('listitem')).toHaveLength(0);
  },
};

/** The engine failed again and again, and the button and the panel say so. */
export const Degraded: Story = {
  loaders: [() => load({ createWorker: workerWithBrokenEngine })],
  args: { initialIsOpen: false },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await expect(canvas.getByTitle(/^The engine failed several times/)).toBeVisible();
    const open = /^Open Akin devtools: The engine failed several times/;
    await userEvent.click(canvas.getByRole('button', { name: open }));
    await expect(canvas.getByText(/^The engine failed several times/)).toBeVisible();
  },
};
