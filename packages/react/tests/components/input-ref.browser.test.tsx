import { render } from '@testing-library/react';
import { createRef, Fragment, type Ref } from 'react';
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { SearchBoxParts } from '../../src/components/index.ts';
import { testOptions } from '../react/test-index.ts';
import { createWrapper, modes, type Mode } from '../react/wrapper.tsx';

function renderInput(Mode: Mode, ref: Ref<HTMLInputElement>) {
  const rendered = render(
    <SearchBoxParts.Root inline>
      <SearchBoxParts.Field>
        <SearchBoxParts.Input ref={ref} />
      </SearchBoxParts.Field>
    </SearchBoxParts.Root>,
    { wrapper: createWrapper(Mode, testOptions()) },
  );
  const input = rendered.container.querySelector<HTMLInputElement>('[role=combobox]')!;
  return { ...rendered, input };
}

describe.each(modes)('a ref to the input %s', (_, Mode) => {
  test('that is a function runs once, and so does what it returns', async () => {
    const calls: string[] = [];
    const ref = (element: HTMLInputElement | null) => {
      calls.push(element === null ? 'null' : 'attached');
      return () => {
        calls.push('detached');
      };
    };
    const { input, unmount } = renderInput(Mode, ref);
    const mounted = [...calls];
    await userEvent.fill(input, 'whales');
    await userEvent.fill(input, 'whales of the sea');
    expect(calls).toEqual(mounted);
    unmount();
    expect(calls).toEqual([...mounted, 'detached']);
    // StrictMode tries it out once.
    if (Mode === Fragment) expect(calls).toEqual(['attached', 'detached']);
  });

  test('that is a function without a return gets null at the end', () => {
    const calls: (Element | null)[] = [];
    const { input, unmount } = renderInput(Mode, (element) => {
      calls.push(element);
    });
    expect(calls.at(-1)).toBe(input);
    unmount();
    expect(calls.at(-1)).toBeNull();
  });

  test('that is an object holds it', () => {
    const ref = createRef<HTMLInputElement>();
    const { input, unmount } = renderInput(Mode, ref);
    expect(ref.current).toBe(input);
    unmount();
    expect(ref.current).toBeNull();
  });
});
