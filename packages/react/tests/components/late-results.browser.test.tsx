import { waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { modes } from '../react/wrapper.tsx';
import { animals, renderSearchBox } from './render-search-box.tsx';

describe.each(modes)('results that take their time, as with a model that loads, %s', (_, Mode) => {
  const suggestions = ['hawks', 'moles'];
  const text = 'mammals of the sea';
  type Box = Awaited<ReturnType<typeof renderSearchBox>>;
  const offered = async (box: Box) => {
    await userEvent.click(box.input());
    await waitFor(() => expect(box.options()).toHaveLength(suggestions.length));
    expect(box.highlighted()).toBe(-1);
  };
  const typed = async (box: Box) => {
    await offered(box);
    await userEvent.keyboard(text);
  };
  const pasted = async (box: Box) => {
    await offered(box);
    await userEvent.fill(box.input(), text);
  };

  test.each([
    ['typed into a list', true, typed],
    ['typed into a popup', false, typed],
    ['pasted into a list', true, pasted],
    ['pasted into a popup', false, pasted],
  ])('%s: Enter opens the best of them', async (__, inline, ask) => {
    const box = await renderSearchBox(Mode, { inline, suggestions });
    box.embedder.hold();
    await ask(box);
    await waitFor(() => expect(box.embedder.queries()).toContain(text));
    expect(box.options()).toHaveLength(0);
    // What has to come first is long gone.
    await new Promise((resolve) => setTimeout(resolve, 500));
    box.embedder.release();
    await waitFor(() => expect(box.state()).toBe('results'));
    await waitFor(() => expect(box.highlighted()).toBe(0));
    await userEvent.keyboard('{Enter}');
    expect(box.onSelect.mock.calls.map(([hit]) => hit.id)).toEqual(['whale']);
  });

  test.each([
    ['a list', true],
    ['a popup', false],
  ])('Enter opens the best in %s of what was inserted after the question', async (__, inline) => {
    const box = await renderSearchBox(Mode, { inline, suggestions });
    await box.index.remove(animals.map(({ id }) => id));
    await typed(box);
    await waitFor(() => expect(box.state()).toBe('empty'));
    await box.index.insert(animals);
    await waitFor(() => expect(box.state()).toBe('results'));
    await waitFor(() => expect(box.highlighted()).toBe(0));
    await userEvent.keyboard('{Enter}');
    expect(box.onSelect.mock.calls.map(([hit]) => hit.id)).toEqual(['whale']);
  });

  test('nothing is highlighted where nobody is', async () => {
    const box = await renderSearchBox(Mode, { value: text });
    await waitFor(() => expect(box.state()).toBe('results'));
    expect(box.highlighted()).toBe(-1);
  });
});
