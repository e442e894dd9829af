import { render, waitFor, within } from '@testing-library/react';
import * as React from 'react';
import type { ComponentType, ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { ChatMemory, ChatMemoryParts } from '../../src/components/index.ts';
import '../../src/components/styles.css';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { createChatMemory, type Embedder } from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { testOptions } from '../react/test-index.ts';
import { createWrapper, modes, type Mode } from '../react/wrapper.tsx';
import { watchAnnouncements } from './watch-announcements.ts';

const namespace = 'nora';
const facts = ['the cat eats fish', 'the cat sleeps late', 'the cat bites', 'trains leave at nine'];

/** Remembers, and cannot be asked. */
function deafEmbedder(): Embedder {
  const inner = hashEmbedder();
  return {
    ...inner,
    embed: (texts, options) =>
      options.purpose === 'query'
        ? Promise.reject(new Error('No model.'))
        : inner.embed(texts, options),
  };
}

/** What a button is called and what it shows, each time one of them changes. */
function watchNames(button: HTMLElement) {
  const names: { readonly name: string; readonly text: string }[] = [];
  new MutationObserver(() =>
    names.push({ name: button.getAttribute('aria-label') ?? '', text: button.textContent }),
  ).observe(button, { attributes: true, subtree: true, characterData: true, childList: true });
  return names;
}

async function setUp(Mode: Mode, query = 'what does the cat do', embedder?: Embedder) {
  const options = testOptions(embedder);
  const index = acquireVectorIndex(options);
  const memory = createChatMemory(index as never, { namespace, threadId: 'first' });
  await memory.remember(facts.map((text) => ({ id: text, role: 'user', text })));
  const { container, rerender, unmount } = render(
    <ChatMemory namespace={namespace} query={query} defaultOpen k={3} />,
    { wrapper: createWrapper(Mode, options) },
  );
  const view = within(container);
  return { index, memory, container, view, rerender, unmount };
}

describe.each(modes)('ChatMemory %s', (_, Mode) => {
  test('lists what the message brings back', async () => {
    const { view } = await setUp(Mode);
    const items = await view.findAllByRole('listitem');
    expect(items).toHaveLength(3);
    for (const item of items) expect(item.textContent).toContain('the cat');
  });

  test('forgets at once and for good, unless undone', async () => {
    const { view, memory, index } = await setUp(Mode);
    const [first] = await view.findAllByRole('listitem');
    const text = first!.querySelector('.akin-memory-text')!.textContent;
    await userEvent.click(within(first!).getByRole('button', { name: `Forget: ${text}` }));
    const undo = await within(first!).findByRole('button', { name: `Undo: ${text}` });
    const names = watchNames(undo);
    expect(await index.get(text, { namespace })).toBeUndefined();
    expect(await memory.count()).toBe(3);
    expect(document.activeElement).toBe(undo);
    expect(view.getByRole('button', { expanded: true }).textContent).toBe('Remembered 2 things');

    await userEvent.click(undo);
    await waitFor(() => expect(first!.textContent).toContain(text));
    await within(first!).findByRole('button', { name: `Forget: ${text}` });
    expect(await memory.count()).toBe(4);
    expect(view.getAllByRole('listitem')[0]).toBe(first);
    for (const { name, text: shown } of names) expect(name).toMatch(new RegExp(`^${shown}`));
  });

  test('a double click forgets, it does not forget and undo', async () => {
    const { view, memory } = await setUp(Mode);
    const [first] = await view.findAllByRole('listitem');
    await userEvent.dblClick(within(first!).getByRole('button', { name: /^Forget/ }));
    await within(first!).findByText('Forgotten.');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await memory.count()).toBe(3);
    expect(first!.textContent).toContain('Forgotten.');
  });

  test('says that nothing was remembered', async () => {
    const { view } = await setUp(Mode, 'quarterly tax declaration');
    await view.findByText('Nothing remembered about this');
    expect(view.queryByRole('list')).toBeNull();
  });

  test('says each time that a turn is forgotten, and that one could not be brought back', async () => {
    const { view, container, index } = await setUp(Mode);
    const [first, second] = await view.findAllByRole('listitem');
    const announced = watchAnnouncements(container);
    await userEvent.click(within(first!).getByRole('button', { name: /^Forget/ }));
    await waitFor(() => expect(announced).toEqual(['Forgotten.']));
    await userEvent.click(within(second!).getByRole('button', { name: /^Forget/ }));
    await waitFor(() => expect(announced).toEqual(['Forgotten.', 'Forgotten.']));

    await index.close();
    await userEvent.click(within(first!).getByRole('button', { name: /^Undo/ }));
    await waitFor(() => expect(announced.slice(2)).toEqual(['This could not be brought back.']));
  });

  test('says that memory could not be read, and says it again after another try', async () => {
    const { view, container } = await setUp(Mode, undefined, deafEmbedder());
    const announced = watchAnnouncements(container);
    const failed = 'Memory could not be read.';
    await waitFor(() => expect(announced).toEqual([failed]));
    await userEvent.click(view.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(announced).toEqual([failed, failed]));
  });

  test('after ten seconds the place closes, and the focus goes to the line above', async () => {
    const { view, memory, rerender } = await setUp(Mode);
    await view.findAllByRole('listitem');
    // Mounted anew, what is remembered is there at once.
    rerender(
      <ChatMemory
        key="again"
        namespace={namespace}
        query="what does the cat do"
        defaultOpen
        k={3}
      />,
    );
    const items = view.getAllByRole('listitem');
    await userEvent.click(within(items[2]!).getByRole('button', { name: /^Forget/ }));
    await within(items[2]!).findByText('Forgotten.');
    const forgottenAt = performance.now();
    await waitFor(() => expect(items[2]!.isConnected).toBe(false), { timeout: 12_000 });
    expect(performance.now() - forgottenAt).toBeGreaterThan(9_000);
    expect(document.activeElement).toBe(view.getByRole('button', { expanded: true }));
    expect(await memory.count()).toBe(3);
  }, 20_000);

  test('what one person forgets never shows to another', async () => {
    const { view, rerender, index } = await setUp(Mode);
    const ben = createChatMemory(index as never, { namespace: 'ben', threadId: 'other' });
    await ben.remember({ id: facts[0]!, role: 'user', text: 'the cat of ben' });
    const [first] = await view.findAllByRole('listitem');
    await userEvent.click(within(first!).getByRole('button', { name: /^Forget/ }));
    await within(first!).findByText('Forgotten.');
    rerender(<ChatMemory namespace="ben" query="what does the cat do" defaultOpen k={3} />);
    await waitFor(() => {
      const items = view.getAllByRole('listitem');
      expect(items).toHaveLength(1);
      expect(items[0]!.textContent).toContain('the cat of ben');
      expect(items[0]!.textContent).not.toContain('Forgotten.');
    });
  });

  test('the focus stays with it when the last row leaves, and after another try', async () => {
    const { view, container } = await setUp(Mode, undefined, deafEmbedder());
    await userEvent.click(await view.findByRole('button', { name: 'Try again' }));
    await view.findByRole('button', { name: 'Try again' });
    expect(container.contains(document.activeElement)).toBe(true);

    const { view: other, container: around } = await setUp(Mode, 'when do trains leave');
    for (const button of await other.findAllByRole('button', { name: /^Forget/ })) {
      await userEvent.click(button);
    }
    await other.findAllByText('Forgotten.');
    await waitFor(() => expect(other.queryByRole('list')).toBeNull(), { timeout: 12_000 });
    expect(around.contains(document.activeElement)).toBe(true);
  }, 20_000);

  test('handlers of the app come first, and may keep a part from acting', async () => {
    const options = testOptions();
    const memory = createChatMemory(acquireVectorIndex(options) as never, {
      namespace,
      threadId: 'first',
    });
    await memory.remember(facts.map((text) => ({ id: text, role: 'user', text })));
    const clicked: string[] = [];
    const { container } = render(
      <ChatMemoryParts.Root namespace={namespace} query="what does the cat do" k={1}>
        <ChatMemoryParts.Toggle onClick={() => clicked.push('toggle')} />
        <ChatMemoryParts.List>
          {() => (
            <ChatMemoryParts.Forget
              onClick={(event) => {
                clicked.push('forget');
                event.preventDefault();
              }}
            />
          )}
        </ChatMemoryParts.List>
      </ChatMemoryParts.Root>,
      { wrapper: createWrapper(Mode, options) },
    );
    const view = within(container);
    await userEvent.click(await view.findByRole('button', { expanded: false }));
    await userEvent.click(await view.findByRole('button', { name: /^Forget/ }));
    expect(clicked).toEqual(['toggle', 'forget']);
    expect(await memory.count()).toBe(4);
  });
});

// React 18 has no `<Activity>`.
const { Activity } = React as {
  readonly Activity?: ComponentType<{ mode: 'hidden' | 'visible'; children: ReactNode }>;
};

test.runIf(Activity)(
  'what was forgotten is held for ten seconds, hidden or not',
  async () => {
    const options = testOptions();
    const memory = createChatMemory(acquireVectorIndex(options) as never, {
      namespace,
      threadId: 'first',
    });
    await memory.remember(facts.map((text) => ({ id: text, role: 'user', text })));
    const Shown = Activity!;
    const app = (mode: 'hidden' | 'visible') => (
      <Shown mode={mode}>
        <ChatMemory namespace={namespace} query="what does the cat do" defaultOpen k={3} />
      </Shown>
    );
    const { container, rerender } = render(app('visible'), {
      wrapper: createWrapper(React.Fragment, options),
    });
    const view = within(container);
    const [first] = await view.findAllByRole('listitem');
    await userEvent.click(within(first!).getByRole('button', { name: /^Forget/ }));
    await within(first!).findByText('Forgotten.');
    rerender(app('hidden'));
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    rerender(app('visible'));
    await waitFor(() => expect(view.getAllByRole('listitem')).toHaveLength(2));
    expect(container.textContent).not.toContain('Forgotten.');
  },
  20_000,
);
