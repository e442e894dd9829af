import { renderHook, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import { useSemanticSearchBox } from '../../src/components/index.ts';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { testOptions } from '../react/test-index.ts';
import { createWrapper, modes } from '../react/wrapper.tsx';
import { animals, renderSearchBox, watchTexts } from './render-search-box.tsx';
import { watchAnnouncements } from './watch-announcements.ts';

/** Not in TypeScript's DOM yet. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(modes)('SemanticSearchBox %s', (_, Mode) => {
  test('finds while typing; Enter opens the best hit, with what it answers', async () => {
    const box = await renderSearchBox(Mode);
    expect(box.state()).toBe('idle');
    await userEvent.click(box.input());
    await userEvent.keyboard('mammals of the sea');
    await waitFor(() => expect(box.state()).toBe('results'));
    expect(box.texts()[0]).toContain('Whales');
    expect(box.highlighted()).toBe(0);
    await userEvent.keyboard('{Enter}');
    expect(box.onSelect).toHaveBeenCalledOnce();
    expect(box.onSelect.mock.lastCall?.[0].id).toBe('whale');
    expect(box.onSelect.mock.lastCall?.[1].query).toBe('mammals of the sea');
  });

  test('Enter and clicks open nothing while the hits answer an earlier text', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    await userEvent.keyboard('hawks in the air');
    await waitFor(() => expect(box.state()).toBe('results'));
    box.embedder.hold();
    await userEvent.keyboard('{Control>}a{/Control}moles');
    // Still in the pause before the next question, and then while it is on its way.
    await userEvent.keyboard('{Enter}');
    expect(box.texts()[0]).toContain('Hawks');
    await waitFor(() => expect(box.embedder.queries()).toContain('moles'));
    await userEvent.keyboard('{Enter}');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await userEvent.click(box.options()[0]!, { force: true });
    expect(box.state()).toBe('stale');
    expect(box.onSelect).not.toHaveBeenCalled();

    box.embedder.release();
    await waitFor(() => expect(box.state()).toBe('results'));
    expect(box.texts()[0]).toContain('Moles');
    await userEvent.keyboard('{Enter}');
    expect(box.onSelect.mock.calls.map(([hit]) => hit.id)).toEqual(['mole']);
  });

  test('shows only what a filter lets through, and hands none of it to the DOM', async () => {
    const box = await renderSearchBox(Mode, {
      filter: { isWild: true },
      diversity: 0.2,
    });
    await box.index.insert({ id: 'seal', metadata: { isWild: true } });
    await userEvent.click(box.input());
    await userEvent.keyboard('mammals of the sea');
    await waitFor(() => expect(box.state()).toBe('results'));
    expect(box.texts()).toHaveLength(1);
    expect(box.texts()[0]).toContain('Seals');
    expect(box.root().getAttributeNames()).not.toContain('diversity');
    expect(box.root().getAttributeNames()).not.toContain('filter');
  });

  test('explains its searches where that is asked for', async () => {
    const options = testOptions();
    await acquireVectorIndex(options).insert(animals);
    const { result } = renderHook(
      () => useSemanticSearchBox({ defaultValue: 'mammals of the sea', explain: true }),
      { wrapper: createWrapper(Mode, options) },
    );
    await waitFor(() => expect(result.current.query.data?.explain).toBeDefined());
  });

  test('colours of the page reach the popup, with data-theme on html too', async () => {
    const { documentElement: html } = document;
    html.dataset['theme'] = 'dark';
    html.style.setProperty('--akin-accent', 'rebeccapurple');
    try {
      const box = await renderSearchBox(Mode, { inline: false });
      await userEvent.click(box.input());
      await userEvent.keyboard('mammals of the sea');
      await waitFor(() => expect(box.options()).not.toHaveLength(0));
      const popup = box.options()[0]!;
      expect(box.root().contains(popup)).toBe(false);
      expect(getComputedStyle(popup).getPropertyValue('--akin-accent')).toBe('rebeccapurple');
    } finally {
      delete html.dataset['theme'];
      html.style.removeProperty('--akin-accent');
    }
  });

  test('asks nothing while an input method composes, and then what it wrote', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    const keys = cdp();
    for (const text of ['m', 'mo', 'mole']) {
      await keys.send('Input.imeSetComposition', { text, selectionStart: 0, selectionEnd: 0 });
      await pause(120);
      expect(box.state()).toBe('composing');
    }
    expect(box.embedder.queries()).toEqual([]);
    await keys.send('Input.insertText', { text: 'moles' });
    await waitFor(() => expect(box.state()).toBe('results'));
    expect(box.embedder.queries()).toEqual(['moles']);
    expect(box.input().value).toBe('moles');
  });

  test('clearing shows no old hits, neither at once nor with the next letter', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    await userEvent.keyboard('hawks');
    await waitFor(() => expect(box.state()).toBe('results'));
    await userEvent.click(box.root().querySelector('.akin-search-clear')!);
    expect(box.options()).toEqual([]);
    expect(box.state()).toBe('idle');
    expect(document.activeElement).toBe(box.input());

    box.embedder.hold();
    const texts = watchTexts(box.root());
    await userEvent.keyboard('moles');
    await waitFor(() => expect(box.embedder.queries()).toContain('moles'));
    await pause(400);
    expect(box.options()).toEqual([]);
    expect(box.state()).toBe('searching');
    box.embedder.release();
    await waitFor(() => expect(box.texts()[0]).toContain('Moles'));
    texts.stop();
    expect([...texts.seen].filter((text) => /^.?Hawks/.test(text))).toEqual([]);
  });

  test('a query that was abandoned never shows', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    box.embedder.hold();
    await userEvent.keyboard('hawks');
    await waitFor(() => expect(box.embedder.queries()).toContain('hawks'));
    const texts = watchTexts(box.root().querySelector('[role=listbox]')!);
    await userEvent.keyboard('{Control>}a{/Control}moles');
    await waitFor(() => expect(box.embedder.queries()).toContain('moles'));
    const abandoned = box.embedder.calls.find((call) => call.texts[0] === 'hawks');
    expect(abandoned?.signal?.aborted).toBe(true);
    box.embedder.release();
    await waitFor(() => expect(box.state()).toBe('results'));
    texts.stop();
    for (const text of texts.seen) expect(text).toMatch(/^$|^Moles/);
  });

  test('never says that nothing was found before that is known', async () => {
    const box = await renderSearchBox(Mode, { minScore: 0.3 });
    await userEvent.click(box.input());
    const texts = watchTexts(box.root());
    box.embedder.hold();
    await userEvent.keyboard('whales');
    await pause(500);
    box.embedder.release();
    await waitFor(() => expect(box.state()).toBe('results'));
    await userEvent.keyboard(' of the sea');
    await waitFor(() => expect(box.state()).toBe('results'));
    texts.stop();
    expect([...texts.seen].join('\n')).not.toContain('Nothing');
  });

  test('announces once, when the hits have settled', async () => {
    const box = await renderSearchBox(Mode);
    const announced = watchTexts(box.root().querySelector('[role=status]')!);
    await userEvent.click(box.input());
    for (const letter of 'whales') {
      await userEvent.keyboard(letter);
      await pause(150);
    }
    await waitFor(() => expect(box.announced()).toBe('4 results for “whales”.'));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(box.announced()).toBe(''));
    announced.stop();
    expect([...announced.seen]).toEqual(['', '4 results for “whales”.']);
  });

  test('announces a failure again when another try fails the same way', async () => {
    const box = await renderSearchBox(Mode);
    box.embedder.embed = () => Promise.reject(new Error('No model.'));
    const announced = watchAnnouncements(box.root());
    await userEvent.fill(box.input(), 'whales');
    await waitFor(() => expect(announced).toHaveLength(1));
    await userEvent.click(within(box.root()).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(announced).toHaveLength(2));
    expect(announced[0]).toContain('The language model could not be used.');
    expect(announced[1]).toBe(announced[0]);
  });

  test('arrows, Home and End move the highlight, Esc clears', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    await userEvent.keyboard('mammals');
    await waitFor(() => expect(box.highlighted()).toBe(0));
    await userEvent.keyboard('{ArrowDown}');
    expect(box.highlighted()).toBe(1);
    await userEvent.keyboard('{End}');
    expect(box.highlighted()).toBe(3);
    await userEvent.keyboard('{ArrowUp}');
    expect(box.highlighted()).toBe(2);
    await userEvent.keyboard('{Home}');
    expect(box.highlighted()).toBe(0);
    const active = box.input().getAttribute('aria-activedescendant');
    expect(document.getElementById(active!)).toBe(box.options()[0]);
    // Before an arrow was pressed, Home and End are the caret's.
    await userEvent.keyboard('{Escape}seals{Home}');
    expect(box.input().selectionStart).toBe(0);
    await userEvent.keyboard('{Escape}');
    expect(box.input().value).toBe('');
  });

  test('a suggestion that is chosen is asked at once', async () => {
    const box = await renderSearchBox(Mode, {
      suggestions: ['mammals of the sea'],
      debounceMs: 60_000,
    });
    await userEvent.click(box.input());
    await userEvent.click(box.options()[0]!);
    await waitFor(() => expect(box.texts()[0]).toMatch(/mammals/i));
    expect(box.embedder.wantedQueries()).toEqual(['mammals of the sea']);
  });

  test('after clearing, no suggestion is chosen by an Enter that was not meant for it', async () => {
    const box = await renderSearchBox(Mode, { suggestions: ['moles', 'seals'] });
    await userEvent.click(box.input());
    await userEvent.keyboard('whales');
    await waitFor(() => expect(box.highlighted()).toBe(0));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(box.texts()).toEqual(['moles', 'seals']));
    expect(box.highlighted()).toBe(-1);
    await userEvent.keyboard('{Enter}');
    expect(box.input().value).toBe('');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(box.input().value).toBe('seals');
    await waitFor(() => expect(box.texts()[0]).toContain('Seals'));
  });

  test('in a popup: opens with hits, Esc clears and closes, choosing a hit closes', async () => {
    const box = await renderSearchBox(Mode, { inline: false });
    const popup = () => document.querySelector('[role=listbox]');
    await userEvent.click(box.input());
    await userEvent.keyboard('{ArrowDown}');
    expect(popup()).toBeNull();
    await userEvent.keyboard('whales');
    await waitFor(() => expect(box.options()).toHaveLength(4));
    await userEvent.keyboard('{Escape}');
    expect(box.input().value).toBe('');
    await waitFor(() => expect(popup()).toBeNull());
    await userEvent.keyboard('moles');
    await waitFor(() => expect(box.texts()[0]).toContain('Moles'));
    await userEvent.keyboard('{Enter}');
    expect(box.onSelect).toHaveBeenCalledOnce();
    await waitFor(() => expect(popup()).toBeNull());
    expect(box.input().value).toBe('moles');
  });

  test('hits that arrive after the field was left open no popup', async () => {
    const box = await renderSearchBox(Mode, { inline: false });
    box.embedder.hold();
    await userEvent.click(box.input());
    await userEvent.keyboard('whales');
    await waitFor(() => expect(box.embedder.queries()).toContain('whales'));
    box.input().blur();
    box.embedder.release();
    await pause(300);
    expect(document.querySelector('[role=listbox]')).toBeNull();
  });

  test('the app may own the text', async () => {
    const box = await renderSearchBox(Mode, { value: 'whales' });
    await waitFor(() => expect(box.texts()[0]).toContain('Whales'));
    box.rerenderWith({ value: 'moles' });
    await waitFor(() => expect(box.texts()[0]).toContain('Moles'));
    box.rerenderWith({ value: '' });
    await waitFor(() => expect(box.options()).toEqual([]));
  });

  test('follows the index: a new document joins the hits', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    await userEvent.keyboard('otters');
    await waitFor(() => expect(box.state()).toBe('results'));
    expect(box.texts().join()).not.toContain('Otters');
    await box.index.insert({ id: 'otter', text: 'Otters hold hands.' });
    await waitFor(() => expect(box.texts()[0]).toContain('Otters'));
    await box.index.remove('otter');
    await waitFor(() => expect(box.texts().join()).not.toContain('Otters'));
  });

  test('marks exact words as text, whatever the documents hold', async () => {
    const box = await renderSearchBox(Mode);
    await box.index.insert({ id: 'x', text: 'Otters <img src=x onerror="alert(1)"> & otter pups' });
    await userEvent.click(box.input());
    await userEvent.keyboard('otters');
    await waitFor(() => expect(box.texts()[0]).toContain('<img src=x onerror="alert(1)">'));
    await waitFor(() => expect(box.state()).toBe('results'));
    expect(document.querySelector('[role=option] img')).toBeNull();
    const marks = [...box.options()[0]!.querySelectorAll('mark')].map((each) => each.textContent);
    expect(marks).toEqual(['Otters']);
  });
});

describe.each(modes)('SemanticSearchBox %s, measured', (_, Mode) => {
  test('nothing moves when hits arrive, are replaced or are late', async () => {
    const box = await renderSearchBox(Mode);
    const shifts: string[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        for (const { node } of entry.sources) {
          shifts.push(`${entry.value}: ${(node as Element | null)?.className ?? 'gone'}`);
        }
      }
    });
    observer.observe({ type: 'layout-shift', buffered: false });
    const frame = () => {
      const { x, y, width, height } = box.root().firstElementChild!.getBoundingClientRect();
      return { x, y, width, height };
    };
    const listTop = () => document.querySelector('[role=listbox]')!.getBoundingClientRect().top;
    await userEvent.click(box.input());
    const before = { frame: frame(), listTop: listTop() };
    await userEvent.keyboard('whales');
    await waitFor(() => expect(box.state()).toBe('results'));
    expect({ frame: frame(), listTop: listTop() }).toEqual(before);

    box.embedder.hold();
    await userEvent.keyboard(' and seals');
    await waitFor(() => expect(box.root().dataset['dimmed']).toBe(''));
    expect({ frame: frame(), listTop: listTop() }).toEqual(before);
    // Chromium does not count shifts within half a second of a key press.
    await pause(600);
    box.embedder.release();
    await waitFor(() => expect(box.state()).toBe('results'));
    await pause(100);
    observer.disconnect();
    expect({ frame: frame(), listTop: listTop() }).toEqual(before);
    expect(shifts).toEqual([]);
  });

  test('rows stay where they are and take other hits', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    await userEvent.keyboard('whales');
    await waitFor(() => expect(box.state()).toBe('results'));
    const rows = box.options();
    await userEvent.keyboard('{Control>}a{/Control}moles');
    await waitFor(() => expect(box.texts()[0]).toContain('Moles'));
    expect(box.options()).toEqual(rows);
  });

  test('a hit that moves in under the highlight is not opened by a key meant for another', async () => {
    const box = await renderSearchBox(Mode);
    await userEvent.click(box.input());
    await userEvent.keyboard('otters');
    await waitFor(() => expect(box.state()).toBe('results'));
    await userEvent.keyboard('{ArrowDown}{ArrowUp}');
    await box.index.insert({ id: 'otter', text: 'Otters hold hands.' });
    await waitFor(() => expect(box.texts()[0]).toContain('Otters'));
    await userEvent.keyboard('{Enter}');
    expect(box.onSelect).not.toHaveBeenCalled();
    await pause(450);
    await userEvent.keyboard('{Enter}');
    expect(box.onSelect.mock.lastCall?.[0].id).toBe('otter');
  });
});
