import { QueryClient, useQuery } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import { Suspense } from 'react';
import { describe, expect, test } from 'vitest';
import {
  createVectorIndex,
  similarOptions,
  useDocuments,
  useSimilar,
  useSuspenseSimilar,
  useVectorIndex,
  VectorIndexProvider,
  type VectorIndex,
} from '../../src/index.ts';
import { retainRevisionBridge } from '../../src/react/revision-bridge.ts';
import { testOptions } from './test-index.ts';
import { modes } from './wrapper.tsx';

const animals = [
  { id: 'whale', text: 'whales are mammals' },
  { id: 'hawk', text: 'hawks hunt from the air' },
];

function Shown() {
  const { data: similar, error } = useSimilar({ query: 'mammals', k: 1 });
  const { data: all } = useDocuments();
  const found = similar?.hits.map(({ id }) => id) ?? ['no answer'];
  const listed = all?.documents.map(({ id }) => id) ?? ['no list'];
  return <p>{[...found, ...listed, ...(error ? [error.code] : [])].join(' ')}</p>;
}

describe.each(modes)('What is cached %s', (_, Mode) => {
  const app = (index: VectorIndex, queryClient: QueryClient) => (
    <Mode>
      <VectorIndexProvider index={index} queryClient={queryClient} key={index.status.get().state}>
        <Shown />
      </VectorIndexProvider>
    </Mode>
  );

  test('of a deleted index goes at once, and does not come back with the next of its name', async () => {
    const options = testOptions();
    const queryClient = new QueryClient();
    const index = createVectorIndex(options);
    await index.insert(animals);
    const { container, unmount } = render(app(index, queryClient));
    await screen.findByText('whale hawk whale');
    await index.destroy();
    await waitFor(() => expect(container.textContent).toBe('no answer no list closed'));
    unmount();

    const next = createVectorIndex(options);
    const again = render(app(next, queryClient));
    expect(again.container.textContent).not.toContain('whale');
    await waitFor(() => expect(again.container.textContent).toBe(''));
    await next.close();
  });

  test('of an index that was deleted in another tab goes at once', async () => {
    const options = testOptions();
    const queryClient = new QueryClient();
    const index = createVectorIndex(options);
    await index.insert(animals);
    const { container } = render(app(index, queryClient));
    await screen.findByText('whale hawk whale');
    const elsewhere = createVectorIndex(options);
    await elsewhere.destroy();
    await waitFor(() => expect(container.textContent).toBe('no answer no list storage-lost'));
    await index.close();
  });

  test('of an index that was closed goes at once: closing locks an encrypted one', async () => {
    const queryClient = new QueryClient();
    const index = createVectorIndex(testOptions());
    await index.insert(animals);
    const { container } = render(app(index, queryClient));
    await screen.findByText('whale hawk whale');
    await index.close();
    await waitFor(() => expect(container.textContent).toBe('no answer no list closed'));
    expect(
      JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ state }) => state.data),
      ),
    ).not.toContain('whale');
  });

  test('by queries of the app alone follows the index', async () => {
    const index = createVectorIndex(testOptions());
    await index.insert(animals);
    function Nearest() {
      const query = similarOptions(useVectorIndex(), { query: 'mammals', k: 1 });
      return <p>{useQuery(query).data?.hits.map(({ id }) => id)}</p>;
    }
    render(
      <Mode>
        <VectorIndexProvider index={index}>
          <Nearest />
        </VectorIndexProvider>
      </Mode>,
    );
    await screen.findByText('whale');
    await index.remove('whale');
    await screen.findByText('hawk');
    await index.close();
  });

  test('from before the index was let go follows what happened meanwhile', async () => {
    const options = testOptions();
    const queryClient = new QueryClient();
    const first = createVectorIndex(options);
    await first.insert(animals);
    const { unmount } = render(app(first, queryClient));
    await screen.findByText('whale hawk whale');
    unmount();
    await first.close();

    const elsewhere = createVectorIndex(options);
    await elsewhere.remove('whale');
    await elsewhere.close();
    const second = createVectorIndex(options);
    render(app(second, queryClient));
    await screen.findByText('hawk hawk');
    await second.close();
  });
});

test('a result that was under way while the index changed is asked for again', async () => {
  const index = createVectorIndex(testOptions());
  await index.insert(animals.slice(0, 1));
  const changed = Promise.withResolvers<undefined>();
  const found = Promise.withResolvers<undefined>();
  const late: VectorIndex = {
    ...index,
    async search(target, params) {
      const result = await index.search(target, params);
      found.resolve(undefined);
      await changed.promise;
      return result;
    },
  };
  function Hits() {
    const { data } = useSuspenseSimilar({ query: 'mammals and hawks' });
    return <p>{data.hits.map(({ id }) => id).join(' ')}</p>;
  }
  render(
    <VectorIndexProvider index={late}>
      <Suspense fallback="loading">
        <Hits />
      </Suspense>
    </VectorIndexProvider>,
  );
  await found.promise;
  await index.insert(animals);
  // By now what is on screen was asked again, and this is not on screen yet.
  await new Promise((resolve) => setTimeout(resolve, 400));
  changed.resolve(undefined);
  await screen.findByText(/whale hawk|hawk whale/);
  await index.destroy();
});

test('a result that its component waits for is not taken away before it shows', async () => {
  const queryClient = new QueryClient();
  const index = createVectorIndex(testOptions());
  await index.insert(animals);
  const release = retainRevisionBridge(index, queryClient);
  const query = similarOptions(index, { query: 'mammals', k: 1 });
  await queryClient.fetchQuery(query);
  const state = () => queryClient.getQueryState(query.queryKey);
  await index.insert({ id: 'mole', text: 'moles are mammals' });
  expect(state()).toMatchObject({ status: 'success', isInvalidated: true });
  // Nobody came.
  await waitFor(() => expect(state()).toBeUndefined());
  release();
  await index.close();
});
