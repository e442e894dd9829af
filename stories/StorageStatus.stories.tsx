import { VectorIndexProvider, type VectorIndex } from '@akin/react';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fn, userEvent, waitFor, within } from 'storybook/test';
import { german } from './storage-status/labels.ts';
import { StorageStatus } from './storage-status/storage-status.tsx';
import {
  workerShortOfRoom,
  workerWithBrokenEngine,
  workerWithoutStorage,
} from './support/faulty-workers.ts';
import { openStoryIndex, type StoryLoad } from './support/story-index.ts';

/** What the browser says of its storage: every browser and machine says something else. */
const answers = { usage: 48_300_000, quota: 2_100_000_000, persisted: false, grants: true };
const browser = { ...answers };
const onSolve = fn();

type Args = React.ComponentProps<typeof StorageStatus>;

const meta = {
  title: 'useStorageStatus',
  component: StorageStatus,
  args: { onSolve, locale: 'en' },
  parameters: { width: 560, minHeight: 240 },
  beforeEach: () => {
    onSolve.mockReset();
    return stopStandingIn;
  },
  render: (args, { loaded }) => (
    <VectorIndexProvider index={(loaded as StoryLoad).index}>
      <StorageStatus {...args} />
    </VectorIndexProvider>
  ),
} satisfies Meta<Args>;

export default meta;
type Story = StoryObj<Args>;

/** An index of 1,204 notes, in a browser that answers so. */
async function load(
  options: Parameters<typeof openStoryIndex>[0] = {},
  said: Partial<typeof answers> = {},
): Promise<StoryLoad> {
  standInForBrowser(said);
  // Vectors of their own: nothing here needs the model.
  const index = openStoryIndex({ embedder: undefined, dimensions: 4, ...options });
  await index.insert(notes(0, 1_204));
  return { index };
}

function notes(first: number, count: number) {
  return Array.from({ length: count }, (_, at) => ({
    id: `note-${first + at}`,
    text: `Note ${first + at}`,
    vector: Float32Array.of(1, at % 7, at % 11, at % 13),
  }));
}

const standIn = {
  estimate: () => Promise.resolve({ usage: browser.usage, quota: browser.quota }),
  persisted: () => Promise.resolve(browser.persisted),
  persist: () => Promise.resolve((browser.persisted ||= browser.grants)),
};

/** Answers for the browser until the story is left. */
function standInForBrowser(said: Partial<typeof answers>): void {
  Object.assign(browser, answers, said);
  // Own properties, over those of the prototype.
  for (const [name, value] of Object.entries(standIn)) {
    Object.defineProperty(navigator.storage, name, { configurable: true, value });
  }
}

function stopStandingIn(): void {
  for (const name of Object.keys(standIn)) Reflect.deleteProperty(navigator.storage, name);
}

const slowly = { timeout: 15_000 };

/** The note of a problem, which is read out as it comes. */
async function findProblem(canvasElement: HTMLElement, title: string): Promise<HTMLElement> {
  const status = within(within(canvasElement).getByRole('status'));
  await status.findByRole('heading', { name: title }, slowly);
  return within(canvasElement).getByRole('status');
}

/** Not promised to stay: one click asks the browser, and the answer takes the button's place. */
export const MayBeCleared: Story = {
  loaders: [() => load()],
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const keep = await canvas.findByRole('button', { name: 'Keep them' }, slowly);
    await expect(canvas.getByText('1,204 documents')).toBeVisible();
    await expect(canvas.getByRole('meter')).toHaveAttribute('aria-valuetext', '48.3 MB of 2.1 GB');
    await expect(canvas.getByRole('status')).toBeEmptyDOMElement();
    await userEvent.click(keep);
    await canvas.findByText(/Kept on this device/, {}, slowly);
    await expect(canvas.queryByRole('button')).toBeNull();
  },
};

export const Kept: Story = {
  loaders: [() => load({}, { persisted: true })],
  async play({ canvasElement }) {
    await within(canvasElement).findByText(/Kept on this device/, {}, slowly);
    await expect(within(canvasElement).queryByRole('button')).toBeNull();
  },
};

/** Browsers decide by how much a site is used, and may say no without asking anybody. */
export const Declined: Story = {
  loaders: [() => load({}, { grants: false })],
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await userEvent.click(await canvas.findByRole('button', { name: 'Keep them' }, slowly));
    await canvas.findByText(/The browser declined for now/, {}, slowly);
  },
};

/** No room for an insert. Search goes on, and the note is gone with the next insert that succeeds. */
export const Full: Story = {
  loaders: [
    () => load({ createWorker: () => workerShortOfRoom('note-2000') }, { usage: 2_080_000_000 }),
  ],
  async play({ canvasElement, loaded }) {
    const { index } = loaded as StoryLoad;
    const more = () => index.insert(notes(2_000, 1));
    onSolve.mockImplementation(() => void more());
    await expect(more()).rejects.toMatchObject({ code: 'quota-exceeded' });
    const note = await findProblem(canvasElement, 'There is no room left');
    const found = await index.search(Float32Array.of(1, 2, 3, 4), { k: 3 });
    await expect(found.hits).toHaveLength(3);
    await userEvent.click(within(note).getByRole('button', { name: 'Try again' }));
    await expect(onSolve).toHaveBeenCalledWith('full');
    await waitFor(() => expect(note).toBeEmptyDOMElement(), slowly);
  },
};

/** What an earlier visit stored is gone, which its mark tells. */
export const Evicted: Story = {
  loaders: [
    async () => {
      standInForBrowser({});
      const index = openStoryIndex({ embedder: undefined, dimensions: 4 });
      localStorage.setItem(`akin/${index.name}/birth`, 'that of another');
      await index.ready();
      return { index };
    },
  ],
  async play({ canvasElement, loaded }) {
    const note = await findProblem(canvasElement, 'Your documents were cleared');
    onSolve.mockImplementation(() => void (loaded as StoryLoad).index.insert(notes(0, 12)));
    await userEvent.click(within(note).getByRole('button', { name: 'Add them again' }));
    await within(canvasElement).findByText('12 documents', {}, slowly);
    await expect(note).toBeEmptyDOMElement();
  },
};

/** A browser that stores nothing here, as in private windows. */
export const Ephemeral: Story = {
  loaders: [() => load({ createWorker: workerWithoutStorage })],
  async play({ canvasElement }) {
    const note = await findProblem(canvasElement, 'Nothing is kept after this window closes');
    // There is nothing to press that would help, and nothing to be kept.
    await expect(within(note).queryByRole('button')).toBeNull();
    await expect(within(canvasElement).queryByRole('button')).toBeNull();
    await expect(within(canvasElement).getByText(/Only in this window/)).toBeVisible();
  },
};

/** The engine failed again and again. Everything is compared without it. */
export const Degraded: Story = {
  loaders: [() => load({ createWorker: workerWithBrokenEngine })],
  async play({ canvasElement, loaded }) {
    const note = await findProblem(canvasElement, 'Searching is slower than usual');
    const { index } = loaded as { index: VectorIndex };
    const found = await index.search(Float32Array.of(1, 2, 3, 4), { k: 3 });
    await expect(found.hits).toHaveLength(3);
    await userEvent.click(within(note).getByRole('button', { name: 'Reload' }));
    await expect(onSolve).toHaveBeenCalledWith('degraded');
  },
};

export const Dark: Story = {
  loaders: Evicted.loaders ?? [],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    await findProblem(canvasElement, 'Your documents were cleared');
  },
};

export const DarkMayBeCleared: Story = {
  loaders: [() => load()],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    await within(canvasElement).findByRole('button', { name: 'Keep them' }, slowly);
  },
};

/** 360 px wide, in the language with the longest words. */
export const Phone: Story = {
  ...Full,
  args: { labels: german, locale: 'de' },
  parameters: { width: 328 },
  globals: { viewport: { value: 'phone' } },
  async play({ canvasElement, loaded }) {
    const { index } = loaded as StoryLoad;
    await expect(index.insert(notes(2_000, 1))).rejects.toMatchObject({ code: 'quota-exceeded' });
    await findProblem(canvasElement, 'Der Speicherplatz ist voll');
    const canvas = within(canvasElement);
    await canvas.findByRole('button', { name: 'Behalten' }, slowly);
    await expect(canvas.getByText('1.204 Dokumente')).toBeVisible();
    const box = canvasElement.querySelector('.storage-status') as HTMLElement;
    await expect(box.scrollWidth).toBeLessThanOrEqual(box.clientWidth);
  },
};
