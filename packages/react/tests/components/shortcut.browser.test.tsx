import { describe, expect, test } from 'vitest';
import { modes } from '../react/wrapper.tsx';
import { renderSearchBox } from './render-search-box.tsx';

/** As on Linux, where these tests run: the key of `mod` is Ctrl. */
const press = (init: KeyboardEventInit, target: Element = document.body) =>
  target.dispatchEvent(
    new KeyboardEvent('keydown', { bubbles: true, cancelable: true, composed: true, ...init }),
  );

describe.each(modes)('the shortcut %s', (_, Mode) => {
  const ctrlK = { ctrlKey: true, key: 'k', code: 'KeyK' };
  const slash = { key: '/', code: 'Slash' };

  test.each([
    ['as it is written', 'mod+k', ctrlK, true],
    ['with caps lock', 'mod+k', { ...ctrlK, key: 'K' }, true],
    ['by its place where letters are not Latin', 'mod+k', { ...ctrlK, key: 'л' }, true],
    ['by its letter where Latin letters lie elsewhere', 'mod+k', { ...ctrlK, code: 'KeyV' }, true],
    ['not by the place of another Latin letter', 'mod+k', { ...ctrlK, key: 't' }, false],
    ['not with Shift', 'mod+k', { ...ctrlK, key: 'K', shiftKey: true }, false],
    ['not with Alt', 'mod+k', { ...ctrlK, altKey: true }, false],
    ['not without Ctrl', 'mod+k', { ...ctrlK, ctrlKey: false }, false],
    ['with Shift where that is asked for', 'mod+shift+k', { ...ctrlK, shiftKey: true }, true],
    ['not without the Shift that is asked for', 'mod+shift+k', ctrlK, false],
    ['a character', '/', slash, true],
    [
      'a character that a keyboard has on Shift',
      '/',
      { key: '/', code: 'Digit7', shiftKey: true },
      true,
    ],
    ['a letter alone', 's', { key: 's', code: 'KeyS' }, true],
    ['not a capital letter', 's', { key: 'S', code: 'KeyS', shiftKey: true }, false],
    ['a plus', 'mod++', { ctrlKey: true, key: '+', code: 'BracketRight' }, true],
  ])('%s', async (__, shortcut, event, isFocused) => {
    const box = await renderSearchBox(Mode, { shortcut });
    press(event);
    expect(document.activeElement === box.input()).toBe(isFocused);
  });

  test('is left to who took the key before', async () => {
    const box = await renderSearchBox(Mode, { shortcut: 'mod+k' });
    const take = (event: Event) => event.preventDefault();
    document.body.addEventListener('keydown', take);
    press(ctrlK);
    document.body.removeEventListener('keydown', take);
    expect(document.activeElement).not.toBe(box.input());
  });

  test('of a plain key is left to a field, in a shadow tree too', async () => {
    const box = await renderSearchBox(Mode, { shortcut: '/' });
    const host = document.createElement('div');
    box.container.append(host);
    const field = document.createElement('textarea');
    host.attachShadow({ mode: 'open' }).append(field);
    field.focus();
    press(slash, field);
    expect(document.activeElement).toBe(host);
    field.blur();
    press(slash);
    expect(document.activeElement).toBe(box.input());
  });

  test('shows as its keys are written', async () => {
    const box = await renderSearchBox(Mode, { shortcut: 'mod+shift+k' });
    expect(box.root().querySelector('kbd')?.textContent).toBe('Ctrl ⇧K');
  });
});
