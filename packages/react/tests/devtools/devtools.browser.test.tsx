import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { acquireVectorIndex, type VectorIndex } from '../../src/core/index.ts';
import { VectorIndexDevtools as Switched } from '../../src/devtools/index.ts';
import {
  VectorIndexDevtools,
  type VectorIndexDevtoolsProps,
} from '../../src/devtools/production.ts';
import { useSimilar, VectorIndexProvider } from '../../src/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { testOptions } from '../react/test-index.ts';
import { modes } from '../react/wrapper.tsx';

const animals = [
  { id: 'whale', text: 'whales are mammals of the sea' },
  { id: 'hawk', text: 'hawks hunt from the air' },
  { id: 'mole', text: 'moles dig tunnels under the lawn' },
  { id: 'bat', text: 'bats hunt at night', namespace: 'night' },
];

const slowly = { timeout: 10_000 };

afterEach(cleanup);

describe.each(modes)('VectorIndexDevtools %s', (_, Mode) => {
  async function setUp(props: VectorIndexDevtoolsProps = {}, app: ReactNode = null) {
    const options = testOptions(hashEmbedder());
    const index = acquireVectorIndex(options);
    await index.insert(animals);
    const view = render(
      <Mode>
        <VectorIndexProvider {...options}>
          {app}
          <VectorIndexDevtools {...props} />
        </VectorIndexProvider>
      </Mode>,
    );
    return { index, ...view };
  }

  const toggle = () => screen.getByRole('button', { name: 'Open Akin devtools' });
  const panel = () => screen.getByRole('dialog', { name: /^Akin test-/ });
  const section = (name: string) => within(screen.getByRole('region', { name }));
  /** The figure beside a name. */
  const figure = (name: string) =>
    within(panel()).getByText(name, { selector: 'dt' }).nextElementSibling?.textContent;
  const lines = () =>
    section('Log')
      .getAllByRole('listitem')
      .map((item) => item.children[1]?.textContent);

  test('opens and closes by button and by Escape, and the focus goes along', async () => {
    await setUp();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(toggle().getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(toggle());
    expect(document.activeElement).toBe(panel());
    fireEvent.click(screen.getByRole('button', { name: 'Close Akin devtools' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(toggle());

    fireEvent.click(toggle());
    const around = vi.fn();
    document.addEventListener('keydown', around);
    fireEvent.keyDown(within(panel()).getByRole('combobox', { name: 'Documents' }), {
      key: 'Escape',
    });
    document.removeEventListener('keydown', around);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(around).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(toggle());
  });

  test('open from the beginning, it leaves the focus where it is', async () => {
    await setUp({ initialIsOpen: true, position: 'top-left' });
    expect(panel()).toBeDefined();
    expect(document.activeElement).toBe(document.body);
    expect(panel().parentElement?.dataset['position']).toBe('top-left');
  });

  test('shows what the index holds, and follows it', async () => {
    const { index } = await setUp({ initialIsOpen: true });
    await waitFor(() => expect(figure('Documents')).toBe('4'));
    await waitFor(() => expect(figure('Memory')).toMatch(/^[\d.,]+ [kM]B$/));
    await waitFor(() => expect(figure('Namespaces')).toBe('2'), slowly);
    expect(panel().textContent).toContain('default 3 · night 1');
    expect(panel().textContent).toMatch(/IndexedDB · this site uses .+ of .+/);
    expect(panel().textContent).toContain('hash-64-Infinity · 64 dimensions · cosine');
    expect(within(panel()).getByText('ready')).toBeDefined();
    await act(() => index.insert({ id: 'seal', text: 'seals swim', namespace: 'sea' }));
    await waitFor(() => expect(figure('Documents')).toBe('5'));
    await waitFor(() => expect(figure('Namespaces')).toBe('3'), slowly);
  });

  test('records from the beginning, open or not, and no text', async () => {
    const { index } = await setUp();
    await act(() => index.search('mammals of the sea', { k: 2 }));
    await act(() => index.insert({ id: 'seal', text: 'seals swim' }));
    await act(() => index.remove('mole'));
    await act(() => expect(index.search('')).rejects.toThrow());
    fireEvent.click(toggle());
    expect(lines()).toEqual([
      'Search: failed with invalid-input',
      'Remove: 1 document (mole)',
      'Insert: 1 new (seal)',
      'Search: 2 of 3, by text',
    ]);
    expect(section('Log').getAllByRole('listitem')[0]?.dataset['failed']).toBe('');
    expect(section('Log').getAllByRole('listitem')[1]?.dataset['failed']).toBeUndefined();
    expect(panel().textContent).not.toMatch(/mammals|seals swim/);

    await act(() => index.search({ id: 'hawk' }, { k: 1 }));
    await waitFor(() => expect(lines()[0]).toBe('Search: 1 of 3, by document'));
    fireEvent.click(section('Log').getByRole('button', { name: 'Clear: Log' }));
    await waitFor(() => expect(section('Log').queryAllByRole('listitem')).toEqual([]));
  });

  test('draws how long searches of the app take', async () => {
    function App() {
      return <p>{useSimilar({ query: 'hunting by air', k: 1 }).data?.hits[0]?.id}</p>;
    }
    await setUp({ initialIsOpen: true }, <App />);
    await screen.findByText('hawk', { selector: 'p' });
    const drawings = await waitFor(() => section('Latency').getAllByRole('img'));
    expect(drawings.map((drawing) => drawing.getAttribute('aria-label'))).toEqual([
      expect.stringMatching(/^Embedding: 1 .* ms$/),
      expect.stringMatching(/^Searching: 1 .* ms$/),
    ]);
    expect(section('Latency').getAllByText(/^1 · median .+ ms · 95 % .+ ms$/)).toHaveLength(2);
    fireEvent.click(section('Latency').getByRole('button', { name: 'Clear: Latency' }));
    await section('Latency').findByText('Searches from now on are measured.');
  });

  test('measures recall on the documents that are there, and records none of that', async () => {
    const { index } = await setUp({ initialIsOpen: true });
    await waitFor(() => expect(figure('Namespaces')).toBe('2'), slowly);
    const recall = section('Recall');
    fireEvent.change(recall.getByRole('combobox', { name: 'Documents' }), {
      target: { value: '20' },
    });
    fireEvent.click(recall.getByRole('button', { name: 'Measure' }));
    const status = recall.getByRole('status');
    await waitFor(() => expect(status.textContent).toContain('Recall@101.000'), slowly);
    expect(status.textContent).toContain('Every search compared all vectors');
    expect(recall.getByRole('button', { name: 'Measure' })).toBeDefined();
    expect(section('Log').queryAllByRole('listitem')).toEqual([]);
    expect(section('Latency').queryAllByRole('img')).toEqual([]);

    fireEvent.change(recall.getByRole('combobox', { name: 'Namespace' }), {
      target: { value: 'night' },
    });
    fireEvent.click(recall.getByRole('button', { name: 'Measure' }));
    await waitFor(() => expect(status.textContent).toMatch(/no two documents/), slowly);
    await act(() => index.search('air'));
    await waitFor(() => expect(lines()).toHaveLength(1));
  });

  test('a measurement ends by its button, and with the panel', async () => {
    const { index } = await setUp({ initialIsOpen: true });
    await act(() =>
      index.insert(Array.from({ length: 300 }, (_, n) => ({ id: `n${n}`, text: `number ${n}` }))),
    );
    const signals = watchSignals(index);
    await waitFor(() => expect(figure('Namespaces')).toBe('2'), slowly);
    const recall = section('Recall');
    fireEvent.change(recall.getByRole('combobox', { name: 'Documents' }), {
      target: { value: '200' },
    });
    fireEvent.click(recall.getByRole('button', { name: 'Measure' }));
    await waitFor(() => expect(signals.size).toBe(1));
    expect(recall.getByRole('progressbar', { name: 'Recall' })).toBeDefined();
    fireEvent.click(recall.getByRole('button', { name: 'Stop' }));
    expect([...signals].at(-1)?.aborted).toBe(true);
    expect(recall.queryByRole('progressbar')).toBeNull();

    fireEvent.click(recall.getByRole('button', { name: 'Measure' }));
    await waitFor(() => expect(signals.size).toBe(2));
    expect([...signals].at(-1)?.aborted).toBe(false);
    fireEvent.click(screen.getByRole('button', { name: 'Close Akin devtools' }));
    expect([...signals].at(-1)?.aborted).toBe(true);
  });

  test('takes an index without a provider, and words of another language', async () => {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    await index.ready();
    render(
      <Mode>
        <VectorIndexDevtools
          index={index}
          labels={{ open: 'Werkzeuge öffnen', log: 'Protokoll' }}
        />
      </Mode>,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Werkzeuge öffnen' }));
    expect(screen.getByRole('region', { name: 'Protokoll' })).toBeDefined();
    expect(screen.getByRole('region', { name: 'Latency' })).toBeDefined();
  });

  test('never opens an index by itself', async () => {
    const index = acquireVectorIndex(testOptions());
    render(
      <Mode>
        <VectorIndexDevtools index={index} initialIsOpen />
      </Mode>,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(index.status.get().state).toBe('idle');
    expect(figure('Namespaces')).toBe('–');
  });

  test('another index is another recording', async () => {
    const [one, other] = [acquireVectorIndex(testOptions()), acquireVectorIndex(testOptions())];
    await one.insert({ id: 'a', text: 'apples' });
    await other.insert({ id: 'a', text: 'apples' });
    const app = (index: VectorIndex) => (
      <Mode>
        <VectorIndexDevtools index={index} initialIsOpen />
      </Mode>
    );
    const { rerender } = render(app(one));
    await act(() => one.search('apples'));
    await waitFor(() => expect(lines()).toEqual(['Search: 1 of 1, by text']));
    rerender(app(other));
    expect(section('Log').queryAllByRole('listitem')).toEqual([]);
    await act(() => one.search('apples'));
    await act(() => other.remove('a'));
    await waitFor(() => expect(lines()).toEqual(['Remove: 1 document (a)']));
  });
});

test('outside production the switched one is the same', () => {
  expect(Switched).toBe(VectorIndexDevtools);
});

/** Signals of exact searches from now on: only the probe asks for those here. */
function watchSignals(index: VectorIndex): Set<AbortSignal> {
  const signals = new Set<AbortSignal>();
  const search = index.search.bind(index);
  vi.spyOn(index, 'search').mockImplementation((target, params) => {
    if (params?.exact === true && params.signal) signals.add(params.signal);
    return search(target, params);
  });
  return signals;
}
