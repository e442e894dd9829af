import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../', import.meta.url);

/**
 * Runs in a Node of its own, from the built package: no bundler, no browser. Ends only when
 * nothing keeps the process alive.
 */
async function runInNode(source: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', source],
    { cwd: folder },
  );
  expect(stderr).toBe('');
  return stdout.trim();
}

const manifest = JSON.parse(await readFile(new URL('package.json', folder), 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>;
};
const entries = Object.keys(manifest.exports)
  .filter((entry) => !/\.(css|json|wasm)$/.test(entry))
  .map((entry) => `@akin/react${entry.slice(1)}`);

describe('in bare Node', { timeout: 20_000 }, () => {
  test.each(entries)('%s can be imported', async (entry) => {
    const names = await runInNode(`console.log(Object.keys(await import('${entry}')).length)`);
    expect(Number(names)).toBeGreaterThan(0);
  });

  test('the provider, the hooks and the components render to a string', async () => {
    const html = await runInNode(`
      import { createElement as h } from 'react';
      import { renderToString } from 'react-dom/server';
      import { VectorIndexProvider, useSimilar, useRecall, useChatMemory } from '@akin/react';
      import { SemanticSearchBox, ChatMemory } from '@akin/react/components';
      const embedder = { id: 'none', dimensions: 3, embed: () => Promise.reject(new Error('no')) };
      function Page() {
        useChatMemory({ namespace: 'me', threadId: 't' });
        const { status } = useSimilar({ query: 'x' });
        return h('p', null, status, useRecall({ namespace: 'me', query: 'x' }).status);
      }
      console.log(renderToString(
        h(VectorIndexProvider, { name: 'ssr', embedder },
          h(Page), h(SemanticSearchBox), h(ChatMemory, { namespace: 'me', query: 'x' }))));
    `);
    expect(html).toContain('<p>pending<!-- -->pending</p>');
    expect(html).toContain('role="combobox"');
    expect(html).toContain('akin-memory');
  });

  test('useSuspenseSimilar sends the fallback, and the text nowhere', async () => {
    const html = await runInNode(`
      import { createElement as h, Suspense } from 'react';
      import { renderToString } from 'react-dom/server';
      import { VectorIndexProvider, useSuspenseSimilar } from '@akin/react';
      const embed = () => { console.log('embedding'); return Promise.reject(new Error('no')); };
      const Hits = () => h('p', null, useSuspenseSimilar({ query: 'x' }).data.hits.length);
      console.log(renderToString(
        h(VectorIndexProvider, { name: 'ssr', embedder: { id: 'none', dimensions: 3, embed } },
          h(Suspense, { fallback: 'Looking' }, h(Hits)))));
      await new Promise((resolve) => setTimeout(resolve, 50));
    `);
    expect(html).toContain('Looking');
    expect(html).not.toContain('embedding');
  });
});
