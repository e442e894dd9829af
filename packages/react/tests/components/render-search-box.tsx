import { render } from '@testing-library/react';
import type { ComponentProps } from 'react';
import { vi } from 'vitest';
import { SemanticSearchBox } from '../../src/components/index.ts';
import '../../src/components/styles.css';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { testOptions } from '../react/test-index.ts';
import { watchedEmbedder, type WatchedEmbedder } from '../react/watched-embedder.ts';
import { createWrapper, type Mode } from '../react/wrapper.tsx';

export const animals = [
  { id: 'whale', text: 'Whales are mammals of the sea and sing across whole oceans.' },
  { id: 'hawk', text: 'Hawks hunt from the air and see a mouse from far above.' },
  { id: 'mole', text: 'Moles dig tunnels under the lawn and rarely see the sun.' },
  { id: 'seal', text: 'Seals are mammals too: they hunt in the sea and rest on ice.' },
];

type Props = ComponentProps<typeof SemanticSearchBox>;

/** A search box over four animals, on a real index whose queries can be held back. */
export async function renderSearchBox(
  Mode: Mode,
  props: Props = {},
  embedder: WatchedEmbedder = watchedEmbedder(),
) {
  const options = testOptions(embedder);
  const index = acquireVectorIndex(options);
  await index.insert(animals);
  embedder.calls.length = 0;
  const onSelect = vi.fn<NonNullable<Props['onSelect']>>();
  const element = (more: Props = {}) => (
    <SemanticSearchBox inline onSelect={onSelect} {...props} {...more} />
  );
  const rendered = render(element(), { wrapper: createWrapper(Mode, options) });
  const { container } = rendered;
  const root = () => container.querySelector<HTMLElement>('.akin-search')!;

  return {
    ...rendered,
    index,
    embedder,
    onSelect,
    root,
    rerenderWith: (more: Props) => rendered.rerender(element(more)),
    input: () => container.querySelector<HTMLInputElement>('[role=combobox]')!,
    state: () => root().dataset['state'],
    panel: () => document.querySelector<HTMLElement>('.akin-search-panel'),
    options: () => [...document.querySelectorAll<HTMLElement>('[role=option]')],
    texts: () => [...document.querySelectorAll('[role=option]')].map((each) => each.textContent),
    announced: () => container.querySelector('[role=status]')!.textContent,
    highlighted: () =>
      [...document.querySelectorAll('[role=option]')].findIndex((each) =>
        each.hasAttribute('data-highlighted'),
      ),
  };
}

/** Every text that an element shows from now on, however briefly. */
export function watchTexts(element: Element): { readonly seen: Set<string>; stop: () => void } {
  const seen = new Set<string>();
  const note = () => seen.add(element.textContent);
  const observer = new MutationObserver(note);
  observer.observe(element, { childList: true, subtree: true, characterData: true });
  note();
  return { seen, stop: () => observer.disconnect() };
}
