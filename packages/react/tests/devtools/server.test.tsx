import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { VectorIndexDevtools } from '../../src/devtools/production.ts';
import { VectorIndexProvider } from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';

test('renders on a server, closed and open, with nothing that a strict policy for styles forbids', () => {
  const html = renderToString(
    <VectorIndexProvider name="server" embedder={hashEmbedder()}>
      <VectorIndexDevtools />
      <VectorIndexDevtools initialIsOpen position="top-left" />
    </VectorIndexProvider>,
  );
  expect(html).toContain('aria-label="Open Akin devtools"');
  expect(html).toContain('role="dialog"');
  expect(html).toContain('data-position="top-left"');
  expect(html).not.toMatch(/<style|style="/);
});

test('without an index it says what is missing', () => {
  expect(() => renderToString(<VectorIndexDevtools />)).toThrow(/pass `index`/);
});
