import { render, screen, waitFor } from '@testing-library/react';
import { Profiler, useState, type ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { useSimilar, VectorIndexProvider, type VectorIndexOptions } from '../../src/index.ts';
import { testOptions, vectorOptions } from './test-index.ts';
import { modes, type Mode } from './wrapper.tsx';

const animals = ['whales sing', 'hawks hunt', 'moles dig', 'seals rest', 'otters play'];

/** A field and its results, as an app writes it. */
function Search() {
  const [text, setText] = useState('');
  const { data, isPlaceholderData } = useSimilar({ query: text, k: 3 });
  const answered = data === undefined || isPlaceholderData ? '' : text;
  return (
    <>
      <input value={text} onChange={(event) => setText(event.target.value)} />
      <ol data-answered={answered}>
        {data?.hits.map(({ id, text: found }) => (
          <li key={id}>{found}</li>
        ))}
      </ol>
    </>
  );
}

const target = vectorOf(0);

function Nearest() {
  const { data } = useSimilar({ query: target, k: 5 });
  return <p>{data?.searched}</p>;
}

/** Counts what React commits, which StrictMode does not double. */
function renderCounted(Mode: Mode, options: VectorIndexOptions, children: ReactNode) {
  const renders = { count: 0 };
  const view = render(
    <Mode>
      <VectorIndexProvider {...options}>
        <Profiler id="consumer" onRender={() => (renders.count += 1)}>
          {children}
        </Profiler>
      </VectorIndexProvider>
    </Mode>,
  );
  return { ...view, renders };
}

describe.each(modes)('renders %s', (_, Mode) => {
  async function setUp() {
    const options = testOptions();
    await acquireVectorIndex(options).insert(animals.map((text) => ({ id: text, text })));
    const rendered = renderCounted(Mode, options, <Search />);
    const answered = () => rendered.container.querySelector('ol')?.dataset['answered'];
    await userEvent.click(screen.getByRole('textbox'));
    rendered.renders.count = 0;
    return { ...rendered, answered };
  }

  test('two a character, where every character is answered', async () => {
    const { renders, answered } = await setUp();
    for (const [at, letter] of [...'whales sin'].entries()) {
      await userEvent.keyboard(letter);
      await waitFor(() => expect(answered()).toBe('whales sin'.slice(0, at + 1)));
    }
    expect(renders.count).toBeGreaterThanOrEqual(10);
    expect(renders.count).toBeLessThanOrEqual(20);
  });

  test('no more where a person types faster than that', async () => {
    const { renders, answered } = await setUp();
    await userEvent.keyboard('whales sin');
    await waitFor(() => expect(answered()).toBe('whales sin'));
    expect(renders.count).toBeLessThanOrEqual(20);
  });

  test('ten at most for 10,000 documents', { timeout: 60_000 }, async () => {
    const options = vectorOptions(8);
    const index = acquireVectorIndex(options);
    await index.ready();
    const { container, renders } = renderCounted(Mode, options, <Nearest />);
    await waitFor(() => expect(container.textContent).toBe('0'));
    renders.count = 0;
    await index.insert(
      Array.from({ length: 10_000 }, (_each, at) => ({ id: `d${at}`, vector: vectorOf(at) })),
    );
    await waitFor(() => expect(container.textContent).toBe('10000'), { timeout: 20_000 });
    expect(renders.count).toBeGreaterThanOrEqual(1);
    expect(renders.count).toBeLessThanOrEqual(10);
  });
});

function vectorOf(seed: number): Float32Array {
  return Float32Array.from({ length: 8 }, (_, at) => Math.sin((seed + 1) * (at + 1)));
}
