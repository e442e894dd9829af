import { onlineManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { render, renderHook, screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import {
  createVectorIndex,
  indexKey,
  useSimilar,
  useVectorIndex,
  VectorIndexProvider,
  type VectorIndex,
  type VectorIndexOptions,
} from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { createWrapper, modes } from './wrapper.tsx';

function Found({ query }: { readonly query: string }) {
  const { data } = useSimilar({ query, k: 1 });
  return <p>{data === undefined ? 'nothing yet' : (data.hits[0]?.text ?? 'nothing found')}</p>;
}

describe.each(modes)('VectorIndexProvider %s', (_, Mode) => {
  const app = (options: VectorIndexOptions) => (
    <Mode>
      <VectorIndexProvider {...options}>
        <Found query="apples" />
      </VectorIndexProvider>
    </Mode>
  );

  test('inline options keep the index: the same object on every render', () => {
    const options = testOptions();
    const seen = new Set<VectorIndex>();
    const { rerender } = renderHook(() => void seen.add(useVectorIndex()), {
      wrapper: createWrapper(Mode, options),
    });
    rerender();
    rerender();
    expect([...seen]).toEqual([acquireVectorIndex(options)]);
  });

  test('two providers of one name share one index', () => {
    const options = testOptions();
    const wrapper = createWrapper(Mode, options);
    const first = renderHook(() => useVectorIndex(), { wrapper });
    const second = renderHook(() => useVectorIndex(), { wrapper });
    expect(second.result.current).toBe(first.result.current);
  });

  test('another name is another index, and nothing of the last one shows', async () => {
    const one = testOptions();
    const other = testOptions();
    await acquireVectorIndex(one).insert({ id: 'a', text: 'apples of the first index' });
    await acquireVectorIndex(other).insert({ id: 'a', text: 'apples of the second index' });
    const texts: (string | null)[] = [];
    const { rerender, container } = render(app(one));
    const observer = new MutationObserver(() => texts.push(container.textContent));
    observer.observe(container, { subtree: true, childList: true, characterData: true });
    await screen.findByText(/first/);
    rerender(app(other));
    expect(container.textContent).toBe('nothing yet');
    texts.length = 0;
    await screen.findByText(/second/);
    observer.disconnect();
    expect(texts.filter((text) => text?.includes('first'))).toEqual([]);
  });

  test('after another name, what is shown follows the new index', async () => {
    const other = testOptions();
    const index = acquireVectorIndex(other);
    await index.insert({ id: 'a', text: 'apples of the second index' });
    const { rerender } = render(app(testOptions()));
    await screen.findByText('nothing found');
    rerender(app(other));
    await screen.findByText(/second/);
    await index.insert({ id: 'a', text: 'apples that came later' });
    await screen.findByText(/later/);
  });

  test('what waits in a query client that only it was given goes on with the network', async () => {
    function Waiting() {
      const { data = 'waiting' } = useQuery({ queryKey: ['app'], queryFn: () => 'arrived' });
      return <p>{data}</p>;
    }
    onlineManager.setOnline(false);
    try {
      render(
        <Mode>
          <VectorIndexProvider {...testOptions()} queryClient={new QueryClient()}>
            <Waiting />
          </VectorIndexProvider>
        </Mode>,
      );
      await screen.findByText('waiting');
      onlineManager.setOnline(true);
      await screen.findByText('arrived');
    } finally {
      onlineManager.setOnline(true);
    }
  });

  test('an index of the app is used as it is, and stays open after unmounting', async () => {
    const options = testOptions();
    const index = createVectorIndex(options);
    const { result, unmount } = renderHook(() => useVectorIndex(), {
      wrapper: ({ children }) => (
        <Mode>
          <VectorIndexProvider index={index}>{children}</VectorIndexProvider>
        </Mode>
      ),
    });
    expect(result.current).toBe(index);
    await index.insert({ id: 'a', text: 'apples' });
    unmount();
    expect(await index.count()).toBe(1);
    await index.close();
  });

  test.each(['app', 'prop', 'own'] as const)('works with the %s’s query client', async (kind) => {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    await index.insert({ id: 'a', text: 'apples' });
    const ofApp = new QueryClient();
    const ofProp = new QueryClient();
    const inner = (
      <VectorIndexProvider {...options} queryClient={kind === 'prop' ? ofProp : undefined}>
        <Found query="apples" />
      </VectorIndexProvider>
    );
    render(
      <Mode>
        {kind === 'own' ? inner : <QueryClientProvider client={ofApp}>{inner}</QueryClientProvider>}
      </Mode>,
    );
    await screen.findByText('apples');
    const cached = (client: QueryClient) =>
      client.getQueryCache().findAll({ queryKey: indexKey(index) }).length;
    expect([cached(ofApp), cached(ofProp)]).toEqual([
      kind === 'app' ? 1 : 0,
      kind === 'prop' ? 1 : 0,
    ]);
  });

  test('mounting again finds the index as it was left', async () => {
    const options = testOptions();
    const wrapper = createWrapper(Mode, options);
    const first = renderHook(() => useVectorIndex(), { wrapper });
    await first.result.current.insert({ id: 'a', text: 'apples' });
    first.unmount();
    const second = renderHook(() => useSimilar({ query: 'apples' }), { wrapper });
    await waitFor(() => expect(second.result.current.data?.hits).toHaveLength(1));
  });
});
