import { minilm } from '@akin/minilm';
import { VectorIndexProvider, type SearchHit, type VectorDocument } from '@akin/react';
import { SemanticSearchBox } from '@akin/react/components';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, fn, userEvent, waitFor, within } from 'storybook/test';
import { gated, type Gate } from './support/embedders.ts';
import {
  documents,
  embedded,
  loadPassages,
  model,
  openStoryIndex,
  type PassageMetadata,
  type StoryLoad,
} from './support/story-index.ts';
import { workerWithoutWebAssembly } from './support/faulty-workers.ts';

const suggestions = [
  'Which athlete paid for a clinic in the town of his birth?',
  'Help for families with the cost of looking after small children',
  'How do we stop using oil from other countries?',
  'What did people leave behind in memory of the dead?',
];

const titleOf = (hit: SearchHit<PassageMetadata>) => hit.metadata.title;
const onSelect = fn();

type Args = React.ComponentProps<typeof SemanticSearchBox<PassageMetadata>>;

const meta = {
  title: 'SemanticSearchBox',
  args: { inline: true, suggestions, getHitTitle: titleOf, onSelect, k: 6 },
  loaders: [loadPassages],
  beforeEach: () => {
    onSelect.mockClear();
  },
  render: (args, { loaded }) => (
    <VectorIndexProvider index={(loaded as StoryLoad).index}>
      <SemanticSearchBox<PassageMetadata> {...args} />
    </VectorIndexProvider>
  ),
} satisfies Meta<Args>;

export default meta;
type Story = StoryObj<Args>;

function field(canvasElement: HTMLElement): HTMLElement {
  return within(canvasElement).getByRole('combobox', { name: 'Search by meaning' });
}

function stateOf(canvasElement: HTMLElement): string | undefined {
  return canvasElement.querySelector<HTMLElement>('.akin-search')?.dataset['state'];
}

const slowly = { timeout: 10_000 };

async function seeState(canvasElement: HTMLElement, state: string): Promise<void> {
  await waitFor(() => expect(stateOf(canvasElement)).toBe(state), slowly);
}

/** Types a question and waits for its answer. */
async function ask(canvasElement: HTMLElement, question: string): Promise<HTMLElement[]> {
  await userEvent.click(field(canvasElement));
  await userEvent.keyboard(question);
  await seeState(canvasElement, 'results');
  return within(document.body).getAllByRole('option');
}

/** Nothing asked yet: what could be. Choosing a suggestion asks it. */
export const Suggestions: Story = {
  async play({ canvasElement }) {
    const options = within(canvasElement).getAllByRole('option');
    await expect(options).toHaveLength(suggestions.length);
    await expect(within(canvasElement).getByRole('listbox')).toHaveAccessibleName('Try asking');
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await expect(field(canvasElement)).toHaveValue(suggestions[1]);
    await seeState(canvasElement, 'results');
    await userEvent.keyboard('{Escape}');
    await expect(field(canvasElement)).toHaveValue('');
    await expect(stateOf(canvasElement)).toBe('idle');
  },
};

/** Found by meaning: the passage shares no telling word with the question. Enter opens the best. */
export const Results: Story = {
  async play({ canvasElement, args }) {
    const options = await ask(canvasElement, suggestions[0] ?? '');
    await expect(options[0]).toHaveTextContent('Dikembe Mutombo');
    await expect(options[0]).toHaveTextContent('George W. Bush, 2007');
    await expect(options[0]).toHaveAttribute('data-highlighted');
    await waitFor(() =>
      expect(within(canvasElement).getByRole('status')).toHaveTextContent('6 results for'),
    );
    await userEvent.keyboard('{Enter}');
    await expect(args.onSelect).toHaveBeenCalledOnce();
    await expect(args.onSelect).toHaveBeenCalledWith(
      expect.objectContaining({ id: '2007-bush#69' }),
      expect.objectContaining({ query: suggestions[0] }),
    );
  },
};

/** ↑ ↓ Home End move, Ctrl Enter opens beside, Esc clears. */
export const Keyboard: Story = {
  async play({ canvasElement, args }) {
    await ask(canvasElement, 'college');
    const highlighted = () =>
      [...document.querySelectorAll('[role=option]')].findIndex((option) =>
        option.hasAttribute('data-highlighted'),
      );
    await expect(highlighted()).toBe(0);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    await expect(highlighted()).toBe(2);
    await userEvent.keyboard('{End}');
    await waitFor(() => expect(highlighted()).toBe(5));
    await userEvent.keyboard('{Home}');
    await waitFor(() => expect(highlighted()).toBe(0));
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() => expect(highlighted()).toBe(5));
    const activeId = field(canvasElement).getAttribute('aria-activedescendant') ?? '';
    await expect(document.getElementById(activeId)).toHaveAttribute('data-highlighted');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await expect(args.onSelect).toHaveBeenCalledOnce();
  },
};

/** Without `inline` the list is a popup. Esc clears first, then closes. */
export const Popup: Story = {
  args: { inline: false, shortcut: 'mod+k' },
  async play({ canvasElement, args }) {
    await expect(within(document.body).queryByRole('listbox')).toBeNull();
    await userEvent.keyboard('{Control>}k{/Control}');
    await expect(field(canvasElement)).toHaveFocus();
    const options = await ask(canvasElement, 'medicine for a rare illness');
    await expect(options.length).toBeGreaterThan(3);
    await userEvent.keyboard('{Escape}');
    await expect(field(canvasElement)).toHaveValue('');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(within(document.body).queryByRole('listbox')).toBeNull());
    const again = await ask(canvasElement, 'energy from wind');
    await userEvent.click(again[1] as HTMLElement);
    await expect(args.onSelect).toHaveBeenCalledOnce();
    await expect(field(canvasElement)).toHaveValue('energy from wind');
    await waitFor(() => expect(within(document.body).queryByRole('listbox')).toBeNull());
    await ask(canvasElement, ' and sun');
  },
};

/** Several passages of one document stand under one heading. */
export const Grouped: Story = {
  args: { getHitGroup: titleOf, getHitTitle: undefined, k: 8 },
  async play({ canvasElement }) {
    await ask(canvasElement, 'paying for college');
    const groups = within(within(canvasElement).getByRole('listbox')).getAllByRole('group');
    await expect(groups[0]).toHaveAccessibleName(/William J. Clinton, \d{4}/);
    await expect(within(canvasElement).getAllByText(/^\d passages$/).length).toBeGreaterThan(0);
  },
};

/** The app's own inside of a result. */
export const CustomHit: Story = {
  args: {
    renderHit: (hit) => <span>{`${hit.metadata.title} · ${hit.id}`}</span>,
  },
  async play({ canvasElement }) {
    const [first] = await ask(canvasElement, 'a basketball player builds a hospital');
    await expect(first).toHaveTextContent('George W. Bush, 2007 · 2007-bush#69');
  },
};

/** Says what was searched, and offers what lies under `minScore`. */
export const Empty: Story = {
  args: { minScore: 0.6 },
  async play({ canvasElement }) {
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('recipes for sourdough bread');
    await seeState(canvasElement, 'empty');
    const canvas = within(canvasElement);
    await expect(canvas.getByText('41 passages were searched by meaning.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Show the nearest anyway' }));
    await seeState(canvasElement, 'results');
    await expect(canvas.getAllByRole('option')).toHaveLength(6);
    await userEvent.keyboard(' at home');
    await seeState(canvasElement, 'empty');
  },
};

/** An index without a document. */
export const NothingStored: Story = {
  args: { suggestions: [] },
  loaders: [() => ({ index: openStoryIndex() })],
  async play({ canvasElement }) {
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('anything');
    await seeState(canvasElement, 'empty');
    await expect(within(canvasElement).getByText('There is nothing to search yet.')).toBeVisible();
  },
};

/** An input method is composing: nothing is asked before it is done. */
export const Composing: Story = {
  async play({ canvasElement }) {
    const input = field(canvasElement);
    await userEvent.click(input);
    await fireEvent.compositionStart(input);
    await fireEvent.input(input, { target: { value: 'こうきょう' }, isComposing: true });
    await seeState(canvasElement, 'composing');
    await fireEvent.compositionEnd(input, { data: '公共' });
    await seeState(canvasElement, 'results');
  },
};

interface GateLoad extends StoryLoad {
  readonly gate: Gate;
}

async function loadGated(): Promise<GateLoad> {
  const gate = gated(model);
  const index = openStoryIndex({ embedder: gate.embedder });
  await index.insert(await embedded(documents));
  return { index, gate };
}

/** A slow query: the last results keep their place, dimmed, and cannot be opened by mistake. */
export const Stale: Story = {
  loaders: [loadGated],
  async play({ canvasElement, args, loaded }) {
    const { gate } = loaded as GateLoad;
    const [first] = await ask(canvasElement, 'clean energy');
    const before = first?.textContent ?? '';
    gate.close();
    await userEvent.keyboard(' for children');
    await seeState(canvasElement, 'stale');
    await userEvent.keyboard('{Enter}');
    await userEvent.click(within(canvasElement).getAllByRole('option')[0] as HTMLElement);
    await expect(args.onSelect).not.toHaveBeenCalled();
    const list = within(canvasElement).getByRole('listbox');
    await waitFor(() => expect(getComputedStyle(list).opacity).toBe('0.6'));
    await waitFor(() =>
      expect(canvasElement.querySelector('.akin-search-activity')).toHaveAttribute('data-active'),
    );
    await expect(within(canvasElement).getAllByRole('option')[0]).toHaveTextContent(before);
  },
};

/** The first query of all, while it runs: a line under the field, and nothing else. */
export const Searching: Story = {
  loaders: [loadGated],
  async play({ canvasElement, loaded }) {
    (loaded as GateLoad).gate.close();
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('clean energy');
    await seeState(canvasElement, 'searching');
    await expect(within(canvasElement).queryByText(/Nothing close/)).toBeNull();
    await waitFor(() =>
      expect(canvasElement.querySelector('.akin-search-activity')).toHaveAttribute('data-active'),
    );
  },
};

/** The model's first download, at 6 MB a second. */
export const GettingTheModel: Story = {
  loaders: [
    async () => {
      const index = openStoryIndex({ embedder: minilm({ modelUrl: '/slow-model/6000000' }) });
      await index.insert(await embedded(documents));
      return { index };
    },
  ],
  async play({ canvasElement }) {
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('clean energy');
    await seeState(canvasElement, 'opening');
    const progress = await within(canvasElement).findByRole('progressbar', {}, slowly);
    await waitFor(
      () => expect(progress).toHaveAccessibleName(/^Getting the language model, \d+ MB, once$/),
      slowly,
    );
    await waitFor(
      () => expect(Number(progress.getAttribute('aria-valuenow'))).toBeGreaterThan(25),
      slowly,
    );
  },
};

async function loadWithFlakyModel(): Promise<StoryLoad> {
  const modelUrl = `/flaky-model/${crypto.randomUUID()}`;
  const index = openStoryIndex({ embedder: minilm({ modelUrl }) });
  await index.insert(await embedded(documents));
  return { index };
}

/** The model could not be had. What is stored is safe; trying again works. */
export const Failed: Story = {
  loaders: [loadWithFlakyModel],
  args: { preload: false },
  async play({ canvasElement, step }) {
    const canvas = within(canvasElement);
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('clean energy');
    await seeState(canvasElement, 'error');
    await expect(canvas.getByText('The language model could not be used.')).toBeVisible();
    await step('Trying again', async () => {
      await userEvent.click(canvas.getByRole('button', { name: 'Try again' }));
      await seeState(canvasElement, 'results');
    });
  },
};

/** A popup is elsewhere in the page; Tab goes through it as if it stood right after the field. */
export const FailedInPopup: Story = {
  loaders: [loadWithFlakyModel],
  args: { preload: false, inline: false },
  async play({ canvasElement }) {
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('clean energy');
    await seeState(canvasElement, 'error');
    const retry = await within(document.body).findByRole('button', { name: 'Try again' });
    await userEvent.tab();
    await expect(retry).toHaveFocus();
    await userEvent.tab({ shift: true });
    await expect(field(canvasElement)).toHaveFocus();
    await userEvent.tab();
    await expect(retry).toHaveFocus();
  },
};

/** The worker's file is not where the bundler said. */
export const WorkerMissing: Story = {
  loaders: [
    () => ({
      index: openStoryIndex({
        createWorker: () => new Worker('/no-such-worker.js', { type: 'module' }),
      }),
    }),
  ],
  async play({ canvasElement }) {
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('clean energy');
    await seeState(canvasElement, 'error');
    await expect(within(canvasElement).getByText('Search could not start.')).toBeVisible();
    await expect(within(canvasElement).getByRole('button', { name: 'Try again' })).toBeVisible();
  },
};

/** A browser that cannot run the engine. No button, because no click would help. */
export const Unsupported: Story = {
  loaders: [() => ({ index: openStoryIndex({ createWorker: workerWithoutWebAssembly }) })],
  async play({ canvasElement }) {
    await userEvent.click(field(canvasElement));
    await userEvent.keyboard('clean energy');
    await seeState(canvasElement, 'unsupported');
    await expect(within(canvasElement).getByText('Search needs a newer browser.')).toBeVisible();
    await expect(within(canvasElement).queryByRole('button', { name: 'Try again' })).toBeNull();
  },
};

/** Passages are still being embedded: results are real, but not all that there will be. */
export const Indexing: Story = {
  loaders: [
    async () => {
      const index = openStoryIndex();
      await index.insert(await embedded(documents));
      const more: VectorDocument[] = Array.from({ length: 40 }, (_, copy) =>
        documents.map((doc) => ({ ...doc, id: `${doc.id}/${copy}`, namespace: 'more' })),
      ).flat();
      const stop = new AbortController();
      const inserted = index.insert(more, { signal: stop.signal }).catch(() => undefined);
      return { index, stop, inserted };
    },
  ],
  async play({ canvasElement, loaded }) {
    await ask(canvasElement, 'the price of medicine');
    await within(canvasElement).findByText(/^Searching [\d,]+ of 1,681 passages/, {}, slowly);
    await within(canvasElement).findByText(/ · \d+ (?:s|min) left$/, {}, slowly);
    const { stop, inserted } = loaded as unknown as {
      stop: AbortController;
      inserted: Promise<unknown>;
    };
    stop.abort();
    await inserted;
    await waitFor(() =>
      expect(within(canvasElement).queryByText(/^Searching/)).not.toBeInTheDocument(),
    );
  },
};

const shown: Story['play'] = async ({ canvasElement }) => {
  await ask(canvasElement, 'help for hungry and sick people in Africa');
};

export const Dark: Story = { globals: { theme: 'dark' }, play: shown };

export const DarkPopup: Story = {
  globals: { theme: 'dark' },
  args: { inline: false },
  async play(context) {
    await shown(context);
    const list = within(document.body).getByRole('listbox');
    await expect(getComputedStyle(list).color).toBe('rgb(232, 234, 237)');
  },
};

/** 360 px wide, as on a phone. Nothing sticks out. */
export const Phone: Story = {
  parameters: { width: 328 },
  globals: { viewport: { value: 'phone' } },
  async play(context) {
    await shown(context);
    const { canvasElement } = context;
    const box = canvasElement.querySelector('.akin-search') as HTMLElement;
    await expect(box.scrollWidth).toBeLessThanOrEqual(box.clientWidth);
    for (const option of within(canvasElement).getAllByRole('option')) {
      await expect(option.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
    }
  },
};

/** From right to left, with the words of the language. */
export const RightToLeft: Story = {
  args: {
    dir: 'rtl',
    labels: {
      label: 'חיפוש לפי משמעות',
      placeholder: 'שאלו במילים שלכם',
      clear: 'ניקוי',
      results: 'תוצאות',
      suggestions: 'אפשר לשאול',
    },
  },
  async play({ canvasElement }) {
    const input = within(canvasElement).getByRole('combobox', { name: 'חיפוש לפי משמעות' });
    await userEvent.click(input);
    await userEvent.keyboard('clean energy');
    await seeState(canvasElement, 'results');
    const clear = within(canvasElement).getByRole('button', { name: 'ניקוי' });
    await expect(clear.getBoundingClientRect().right).toBeLessThan(
      input.getBoundingClientRect().left + 1,
    );
  },
};
