import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ChatMemory, SemanticSearchBox } from '../../src/components/index.ts';
import { VectorIndexProvider } from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';

function renderAll(name: string): string {
  return renderToString(
    <VectorIndexProvider name={name} embedder={hashEmbedder()}>
      <SemanticSearchBox inline suggestions={['What lives in the sea?']} shortcut="mod+k" />
      <SemanticSearchBox defaultValue="whales" />
      <ChatMemory namespace="me" query="whales" />
    </VectorIndexProvider>,
  );
}

test('both components render on a server: the field is there, nothing is claimed', () => {
  const html = renderAll('server');
  expect(html).toContain('role="combobox"');
  expect(html).toContain('What lives in the sea?');
  expect(html).toContain('value="whales"');
  expect(html).not.toContain('Nothing');
});

test('nothing relies on a style attribute, which a policy for content may forbid', () => {
  const html = renderAll('policy');
  // Base UI's field for forms has one; the stylesheet says the same.
  const own = html.replaceAll(/<input[^>]* tabindex="-1"[^>]*>/gi, '');
  expect(html.length - own.length).toBeGreaterThan(0);
  expect(own).not.toContain('style=');
});

test('requests share nothing: what one is given does not stand in the way of another', () => {
  const page = (storage: 'indexeddb' | 'memory') =>
    renderToString(
      <VectorIndexProvider name="requests" storage={storage} embedder={hashEmbedder()}>
        <SemanticSearchBox inline />
      </VectorIndexProvider>,
    );
  expect(page('memory')).toBe(page('indexeddb'));
});
