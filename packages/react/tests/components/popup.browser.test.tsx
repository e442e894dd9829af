import { waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { EmbedderStatus } from '../../src/index.ts';
import { modes } from '../react/wrapper.tsx';
import { watchedEmbedder } from '../react/watched-embedder.ts';
import { animals, renderSearchBox } from './render-search-box.tsx';

type Box = Awaited<ReturnType<typeof renderSearchBox>>;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const added: Element[] = [];

function addToPage<E extends Element>(element: E): E {
  document.body.append(element);
  added.push(element);
  return element;
}

afterEach(() => {
  for (const element of added.splice(0)) element.remove();
});

/** A model that is on its way for as long as the test lasts. */
function loadingEmbedder() {
  const status: EmbedderStatus = { state: 'loading', loadedBytes: 1, totalBytes: 2 };
  return {
    ...watchedEmbedder(),
    status: { get: () => status, subscribe: () => () => undefined },
  };
}

async function ask(box: Box, text: string, state: string) {
  await userEvent.click(box.input());
  await userEvent.keyboard(text);
  await waitFor(() => expect(box.state()).toBe(state));
}

describe.each(modes)('the popup %s', (_, Mode) => {
  const failing = async () => {
    const box = await renderSearchBox(Mode, { inline: false });
    box.embedder.embed = () => Promise.reject(new Error('No model.'));
    await ask(box, 'whales', 'error');
    return { box, name: 'Try again' };
  };
  const empty = async () => {
    const box = await renderSearchBox(Mode, { inline: false, minScore: 0.99 });
    await ask(box, 'whales', 'empty');
    return { box, name: 'Show the nearest anyway' };
  };

  test.each([
    ['a failure', failing],
    ['a search that found nothing', empty],
  ])('Tab reaches the button of %s, and goes on from there', async (__, setUp) => {
    const { box, name } = await setUp();
    const after = addToPage(document.createElement('button'));
    after.textContent = 'After';
    const button = () => within(box.panel()!).getByRole('button', { name });

    await userEvent.keyboard('{Tab}');
    expect(document.activeElement).toBe(button());
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}');
    expect(document.activeElement).toBe(box.input());
    expect(box.panel()).not.toBeNull();

    await userEvent.keyboard('{Tab}');
    expect(document.activeElement).toBe(button());
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(box.panel()).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(box.input()));

    await userEvent.keyboard('{ArrowDown}');
    await waitFor(() => expect(box.panel()).not.toBeNull());
    await userEvent.keyboard('{Tab}');
    expect(document.activeElement).toBe(button());
    await userEvent.keyboard('{Tab}');
    expect(document.activeElement).toBe(after);
    await waitFor(() => expect(box.panel()).toBeNull());
    expect(document.activeElement).toBe(after);
  });

  test('the button acts on Enter and gives the focus back', async () => {
    const { box } = await empty();
    await userEvent.keyboard('{Tab}{Enter}');
    await waitFor(() => expect(box.options()).toHaveLength(animals.length));
    expect(document.activeElement).toBe(box.input());
  });

  test('closed by a screen reader, it gives the focus back', async () => {
    const { box } = await failing();
    await userEvent.keyboard('{Tab}');
    const dismiss = box.panel()!.nextElementSibling as HTMLElement;
    // Screen readers press without moving the focus.
    dismiss.click();
    await waitFor(() => expect(box.panel()).toBeNull());
    expect(document.activeElement).toBe(box.input());
  });

  test('Tab leaves the field where there is no button', async () => {
    const box = await renderSearchBox(Mode, { inline: false });
    const after = addToPage(document.createElement('button'));
    await ask(box, 'whales', 'results');
    await userEvent.keyboard('{Tab}');
    expect(document.activeElement).toBe(after);
    await waitFor(() => expect(box.panel()).toBeNull());
  });

  test('what a choice opens keeps the focus', async () => {
    const field = addToPage(document.createElement('input'));
    const box = await renderSearchBox(Mode, { inline: false });
    box.onSelect.mockImplementation(() => field.focus());
    await ask(box, 'whales', 'results');
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(box.panel()).toBeNull());
    await pause(100);
    expect(document.activeElement).toBe(field);
  });

  test('Enter before there is anything to open leaves it open', async () => {
    const box = await renderSearchBox(Mode, { inline: false }, loadingEmbedder());
    box.embedder.hold();
    await ask(box, 'whales', 'opening');
    await userEvent.keyboard('{Enter}');
    await pause(100);
    box.embedder.release();
    await waitFor(() => expect(box.state()).toBe('results'));
    await waitFor(() => expect(box.options()).toHaveLength(animals.length));
  });

  test('Enter asks at once what was typed last, and again what failed', async () => {
    const box = await renderSearchBox(Mode, { inline: false, debounceMs: 60_000 });
    await userEvent.click(box.input());
    await userEvent.keyboard('whales{Enter}');
    await waitFor(() => expect(box.options()).toHaveLength(animals.length));

    const embed = vi.spyOn(box.embedder, 'embed').mockRejectedValue(new Error('No model.'));
    await userEvent.keyboard(' and seals{Enter}');
    await waitFor(() => expect(box.state()).toBe('error'));
    embed.mockRestore();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(box.state()).toBe('results'));
    await waitFor(() => expect(box.options()).toHaveLength(animals.length));
  });

  test('what is there for screen readers alone makes no page longer', async () => {
    const box = await renderSearchBox(Mode, { inline: false, k: 60 });
    const many = Array.from({ length: 60 }, (__, n) => ({ id: `${n}`, text: `Whale ${n}` }));
    await box.index.insert(many);
    const heightBefore = document.documentElement.scrollHeight;
    await ask(box, 'whale', 'results');
    await waitFor(() => expect(box.options()).toHaveLength(60));
    expect(box.panel()!.querySelector('.akin-visually-hidden')).not.toBeNull();
    expect(document.documentElement.scrollHeight).toBe(heightBefore);
  });

  test('every word can be another, those of Base UI too', async () => {
    const labels = { dismiss: 'Schließen', control: 'Strg' };
    const box = await renderSearchBox(Mode, { inline: false, labels, shortcut: 'mod+k' });
    expect(box.root().querySelector('kbd')?.textContent).toBe('Strg K');
    await ask(box, 'whales', 'results');
    const named = (name: string) => document.querySelectorAll(`[role=button][aria-label=${name}]`);
    await waitFor(() => expect(named('Schließen')).toHaveLength(2));
    expect(named('Dismiss')).toHaveLength(0);

    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(box.panel()).toBeNull());
    expect(document.querySelector('[aria-label=Schließen]')).toBeNull();
  });

  test('a colour of :root and [data-theme] holds in a part of the page with a theme of its own', async () => {
    const style = addToPage(document.createElement('style'));
    style.textContent = ':root, [data-theme] { --akin-accent: rebeccapurple }';
    const box = await renderSearchBox(Mode, { inline: false });
    box.container.dataset['theme'] = 'dark';
    await ask(box, 'whales', 'results');
    for (const element of [box.root(), box.panel()!]) {
      const { color } = getComputedStyle(element);
      expect(color).toBe('rgb(232, 234, 237)');
      const accent = getComputedStyle(element).getPropertyValue('--akin-accent');
      expect(accent).toBe('rebeccapurple');
    }
  });
});
