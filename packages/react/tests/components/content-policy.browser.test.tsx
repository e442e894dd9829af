import { render, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, test } from 'vitest';
import { ChatMemory, SearchBoxParts, SemanticSearchBox } from '../../src/components/index.ts';
import stylesheet from '../../src/components/styles.css?raw';
import { testOptions } from '../react/test-index.ts';
import { createWrapper, modes, type Mode } from '../react/wrapper.tsx';

const frames: HTMLIFrameElement[] = [];

afterEach(() => {
  for (const frame of frames.splice(0)) frame.remove();
});

const nothingClose = 'Nothing close to “whales”.';
const policy = `<meta http-equiv="Content-Security-Policy" content="style-src 'self'">`;

/** The page that a server sent, under a policy that lets no style attribute through. */
async function openPage(Mode: Mode, element: React.ReactElement, css: string) {
  const wrapper = createWrapper(Mode, testOptions());
  const Wrapper = wrapper;
  const html = renderToString(<Wrapper>{element}</Wrapper>);
  const frame = document.createElement('iframe');
  frames.push(frame);
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  frame.srcdoc = `<!doctype html>${policy}<div id="app">${html}</div>`;
  document.body.append(frame);
  await loaded;
  const window = frame.contentWindow as Window & typeof globalThis;
  const sheet = new window.CSSStyleSheet();
  sheet.replaceSync(css);
  window.document.adoptedStyleSheets = [sheet];
  const container = window.document.querySelector<HTMLElement>('#app')!;
  return {
    container,
    hydrate: () => render(element, { wrapper, container, hydrate: true }),
    isSeen: (found: Element) => {
      const { clipPath, visibility } = window.getComputedStyle(found);
      const { height } = found.getBoundingClientRect();
      return height > 0 && clipPath !== 'inset(50%)' && visibility !== 'hidden';
    },
  };
}

describe.each(modes)("under `style-src 'self'`, %s", (_, Mode) => {
  test('what a server rendered shows nothing that is not to be seen', async () => {
    const page = await openPage(
      Mode,
      <>
        <SemanticSearchBox inline defaultValue="whales" />
        <ChatMemory namespace="me" query="whales" />
      </>,
      stylesheet,
    );
    const hidden = () =>
      page.container.querySelectorAll('[role=status], input[aria-hidden], .akin-memory-quiet');
    expect(hidden()).toHaveLength(4);
    for (const element of hidden()) expect(page.isSeen(element)).toBe(false);
    page.hydrate();
    const regions = () => [...page.container.querySelectorAll('[role=status]')];
    await waitFor(() => expect(regions().map((each) => each.textContent)).toContain(nothingClose));
    for (const element of hidden()) {
      const isQuietLine = element.matches('.akin-memory-quiet');
      if (!isQuietLine) expect(page.isSeen(element)).toBe(false);
    }
  });

  test('whoever styles the parts alone does not see what is said to screen readers', async () => {
    const page = await openPage(
      Mode,
      <SearchBoxParts.Root inline defaultValue="whales">
        <SearchBoxParts.Input />
      </SearchBoxParts.Root>,
      '',
    );
    page.hydrate();
    const region = page.container.querySelector('[role=status]')!;
    await waitFor(() => expect(region.textContent).toBe(nothingClose));
    expect(page.isSeen(region)).toBe(false);
  });
});
