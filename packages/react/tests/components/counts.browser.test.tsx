import { waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { modes } from '../react/wrapper.tsx';
import { animals, renderSearchBox } from './render-search-box.tsx';

describe.each(modes)('what the box says of how much it searched, %s', (_, Mode) => {
  const nothingStored = 'There is nothing to search yet.';

  test.each([
    ['a filter that lets nothing through', { filter: { isWild: true } }],
    ['a namespace without documents', { namespace: 'elsewhere' }],
  ])('%s is not called an empty index', async (__, scope) => {
    const box = await renderSearchBox(Mode, scope);
    await userEvent.fill(box.input(), 'whales');
    await waitFor(() => expect(box.state()).toBe('empty'));
    expect(box.root().textContent).not.toContain(nothingStored);
    expect(box.root().textContent).toContain('0 passages were searched by meaning.');

    await box.index.remove(animals.map(({ id }) => id));
    await waitFor(() => expect(box.root().textContent).toContain(nothingStored));
  });

  test('totals are those of the whole index, and so none are shown of a namespace', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.fill(box.input(), 'whales');
    await waitFor(() => expect(box.state()).toBe('results'));
    box.embedder.hold();
    const inserted = box.index.insert({ id: 'otter', text: 'Otters hold hands.' });
    const line = () => box.root().querySelector('.akin-search-progress')?.textContent;
    await waitFor(() => expect(line()).toBe('Searching 4 of 5 passages'));

    box.rerenderWith({ namespace: 'elsewhere' });
    await waitFor(() => expect(line()).toBe('Passages are being added'));
    box.embedder.release();
    await inserted;
    await waitFor(() => expect(line()).toBeUndefined());
  });
});
