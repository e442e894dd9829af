import { minilm } from '@akin/minilm';
import { createChatMemory, VectorIndexProvider, type ChatTurn } from '@akin/react';
import { ChatMemory } from '@akin/react/components';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { embedded, openStoryIndex, type StoryLoad } from './support/story-index.ts';

const namespace = 'nora';

const said: readonly ChatTurn[] = [
  turn('sister', 'My sister Ida moved to Trondheim in March with her two dogs.', 3),
  turn('allergy', 'Leave hazelnuts out of anything you cook for me: they make my throat swell.', 9),
  turn('trip', 'We have booked the night train to Bodø for the first week of June.', 11),
  turn('budget', 'Please keep the dinner under 600 kroner for the four of us.', 12),
  turn('job', 'I start at the observatory in the autumn, as a data engineer.', 14),
  turn('vegetarian', 'Ida, my sister, has not eaten meat or fish since last year.', 15),
  turn('fishing', 'Dad wants to teach me fly fishing on the lake this summer.', 18),
  turn('piano', 'The piano needs tuning before the neighbours complain again.', 20),
];

function turn(id: string, text: string, day: number): ChatTurn {
  return { id, role: 'user', text, createdAt: Date.UTC(2026, 4, day, 17, 30) };
}

async function loadMemory(): Promise<StoryLoad> {
  const index = openStoryIndex();
  const turns = said.map(({ id, text, role, createdAt }) => ({
    ...{ id, text, namespace },
    metadata: { role, createdAt, threadId: 'spring' },
  }));
  await index.insert(await embedded(turns));
  return { index };
}

type Args = React.ComponentProps<typeof ChatMemory>;

const meta = {
  title: 'ChatMemory',
  args: {
    namespace,
    query: 'My sister comes to dinner on Friday. What could I cook?',
    k: 3,
    minScore: 0.2,
    getThreadTitle: () => 'Plans for spring',
  },
  parameters: { width: 560, minHeight: 320 },
  loaders: [loadMemory],
  render: (args, { loaded }) => (
    <VectorIndexProvider index={(loaded as StoryLoad).index}>
      <p className="story-message">{typeof args.query === 'string' ? args.query : ''}</p>
      <ChatMemory {...args} />
    </VectorIndexProvider>
  ),
} satisfies Meta<Args>;

export default meta;
type Story = StoryObj<Args>;

const slowly = { timeout: 10_000 };

async function openList(canvasElement: HTMLElement): Promise<HTMLElement[]> {
  const canvas = within(canvasElement);
  const name = /^Remembered \d things?$/;
  await userEvent.click(await canvas.findByRole('button', { name }, slowly));
  return within(canvas.getByRole('list')).getAllByRole('listitem');
}

/** One line beside the message that it served. */
export const Collapsed: Story = {
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const toggle = await canvas.findByRole('button', { name: 'Remembered 3 things' }, slowly);
    await expect(toggle).toHaveAttribute('aria-expanded', 'false');
    await expect(canvas.queryByRole('list')).toBeNull();
  },
};

/** What was said, by whom, when and where, and how close it is to the message. */
export const Open: Story = {
  async play({ canvasElement }) {
    const items = await openList(canvasElement);
    await expect(items).toHaveLength(3);
    const texts = items.map((item) => item.textContent).join(' ');
    await expect(texts).toContain('has not eaten meat');
    await expect(texts).toContain('under 600 kroner');
    await expect(items[0]).toHaveTextContent('Plans for spring');
  },
};

/** One click forgets. Undo stays in the same place for ten seconds, and brings it back. */
export const ForgetAndUndo: Story = {
  async play({ canvasElement, loaded, step }) {
    const { index } = loaded as StoryLoad;
    const items = await openList(canvasElement);
    const position = items.findIndex((item) => item.textContent.includes('600 kroner'));
    const item = items[position] as HTMLElement;
    await userEvent.click(within(item).getByRole('button', { name: /^Forget: / }));
    await expect(await within(item).findByText('Forgotten.')).toBeVisible();
    const undo = await within(item).findByRole('button', { name: /^Undo: / });
    await expect(undo).toHaveFocus();
    await expect(await index.get('budget', { namespace })).toBeUndefined();
    await step('Undo', async () => {
      await userEvent.click(undo);
      await waitFor(() => expect(item).toHaveTextContent('600 kroner'), slowly);
      await waitFor(async () => expect(await index.get('budget', { namespace })).toBeDefined());
      await within(item).findByRole('button', { name: /^Forget: / });
    });
  },
};

/** Forgotten: the place says so, and the others have not moved. */
export const Forgotten: Story = {
  async play({ canvasElement }) {
    const items = await openList(canvasElement);
    await userEvent.click(within(items[1] as HTMLElement).getByRole('button', { name: /^Forget/ }));
    await within(items[1] as HTMLElement).findByText('Forgotten.');
    // Another turn may take the place that became free, but only below.
    await expect(within(canvasElement).getAllByRole('listitem')[1]).toBe(items[1]);
    await expect(within(canvasElement).getAllByRole('listitem')[0]).toBe(items[0]);
  },
};

/** Nothing in memory comes near: said quietly. */
export const Nothing: Story = {
  args: { query: 'Explain the difference between TCP and UDP', minScore: 0.4 },
  async play({ canvasElement }) {
    await within(canvasElement).findByText('Nothing remembered about this', {}, slowly);
  },
};

/** Memory could not be read, because the model could not be had; trying again works. */
export const Failed: Story = {
  loaders: [
    async () => {
      const modelUrl = `/flaky-model/${crypto.randomUUID()}`;
      const index = openStoryIndex({ embedder: minilm({ modelUrl }) });
      const [first] = await embedded(said.slice(-3, -2));
      await index.insert({
        ...first,
        id: 'vegetarian',
        namespace,
        metadata: { threadId: '', role: 'user', createdAt: 0 },
      });
      return { index };
    },
  ],
  async play({ canvasElement, step }) {
    const canvas = within(canvasElement);
    await canvas.findByText('Memory could not be read.', {}, slowly);
    await step('Trying again', async () => {
      await userEvent.click(canvas.getByRole('button', { name: 'Try again' }));
      await canvas.findByRole('button', { name: 'Remembered 1 thing' }, slowly);
    });
  },
};

/** Remembering goes on while the list is open. */
export const Live: Story = {
  async play({ canvasElement, loaded }) {
    await openList(canvasElement);
    const { index } = loaded as StoryLoad;
    const memory = createChatMemory(index as never, { namespace, threadId: 'spring' });
    await memory.remember(turn('dinner', 'My sister comes to dinner on Friday.', 21));
    await within(canvasElement).findByText('My sister comes to dinner on Friday.', {}, slowly);
  },
};

const opened: Story['play'] = async ({ canvasElement }) => {
  await openList(canvasElement);
};

export const Dark: Story = { globals: { theme: 'dark' }, play: opened };

/** 360 px wide, as on a phone. */
export const Phone: Story = {
  parameters: { width: 328 },
  globals: { viewport: { value: 'phone' } },
  async play(context) {
    await opened(context);
    const box = context.canvasElement.querySelector('.akin-memory') as HTMLElement;
    await expect(box.scrollWidth).toBeLessThanOrEqual(box.clientWidth);
  },
};

export const RightToLeft: Story = {
  decorators: [
    (Story) => (
      <div dir="rtl" lang="he">
        <Story />
      </div>
    ),
  ],
  args: {
    labels: { remembered: (count) => `${count} דברים נזכרו`, forget: 'לשכוח', undo: 'ביטול' },
  },
  async play({ canvasElement }) {
    const toggle = await within(canvasElement).findByRole('button', { name: /נזכרו/ }, slowly);
    await userEvent.click(toggle);
    const [item] = within(canvasElement).getAllByRole('listitem');
    const forget = within(item as HTMLElement).getByRole('button');
    const text = (item as HTMLElement).querySelector('.akin-memory-text') as HTMLElement;
    await expect(forget.getBoundingClientRect().right).toBeLessThanOrEqual(
      text.getBoundingClientRect().left + 1,
    );
  },
};
