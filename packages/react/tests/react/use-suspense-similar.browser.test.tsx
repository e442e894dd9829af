import { render, screen, waitFor } from '@testing-library/react';
import { Component, Suspense, type ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import {
  useSimilar,
  useSuspenseSimilar,
  type UseSuspenseSimilarOptions,
  type VectorIndexOptions,
} from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { createWrapper, modes } from './wrapper.tsx';

class Boundary extends Component<{ readonly children: ReactNode }, { readonly code?: string }> {
  override state: { readonly code?: string } = {};
  static getDerivedStateFromError(error: unknown) {
    return { code: (error as { code: string }).code };
  }
  override render() {
    return this.state.code ?? this.props.children;
  }
}

function Results(options: UseSuspenseSimilarOptions) {
  const { data } = useSuspenseSimilar(options);
  return <p>{data.hits.length === 0 ? 'nothing' : data.hits.map(({ id }) => id).join(' ')}</p>;
}

describe.each(modes)('useSuspenseSimilar %s', (_, Mode) => {
  function show(options: VectorIndexOptions, props: UseSuspenseSimilarOptions) {
    const Wrapper = createWrapper(Mode, options);
    const element = (given: UseSuspenseSimilarOptions) => (
      <Wrapper>
        <Boundary>
          <Suspense fallback="loading">
            <Results {...given} />
          </Suspense>
        </Boundary>
      </Wrapper>
    );
    const { rerender, container } = render(element(props));
    return { container, again: (next: UseSuspenseSimilarOptions) => rerender(element(next)) };
  }

  async function setUp() {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    await index.insert([
      { id: 'whale', text: 'whales are mammals of the sea' },
      { id: 'hawk', text: 'hawks hunt from the air' },
    ]);
    return { options, index };
  }

  test('shows the fallback, then the results, which follow the index', async () => {
    const { options, index } = await setUp();
    const { container } = show(options, { query: 'mammals of the sea', k: 1 });
    expect(container.textContent).toBe('loading');
    await screen.findByText('whale');
    await index.remove('whale');
    await screen.findByText('hawk');
  });

  test('the boundary may stand above the provider', async () => {
    const { options } = await setUp();
    const Wrapper = createWrapper(Mode, options);
    render(
      <Suspense fallback="loading">
        <Wrapper>
          <Results query="mammals of the sea" k={1} />
        </Wrapper>
      </Suspense>,
    );
    await screen.findByText('whale');
  });

  test('blank text finds nothing, without an error', async () => {
    const { options } = await setUp();
    const { again } = show(options, { query: ' ', k: 1 });
    await screen.findByText('nothing');
    again({ query: 'mammals of the sea', k: 1 });
    await screen.findByText('whale');
  });

  test('blank text is nothing that useSimilar could take for an answer to its own', async () => {
    const { options, index } = await setUp();
    const Wrapper = createWrapper(Mode, options);
    function Status() {
      const { status, error } = useSimilar({ query: '', k: 1 });
      return <output>{error?.code ?? status}</output>;
    }
    render(
      <Wrapper>
        <Suspense fallback="loading">
          <Results query="" k={1} />
        </Suspense>
        <Status />
      </Wrapper>,
    );
    await screen.findByText('nothing');
    expect(screen.getByRole('status').textContent).toBe('pending');
    await index.remove('whale');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(screen.getByRole('status').textContent).toBe('pending');
    await screen.findByText('nothing');
  });

  test('an error reaches the error boundary, typed', async () => {
    const { options } = await setUp();
    const { container } = show(options, { query: { id: 'nobody' } });
    await waitFor(() => expect(container.textContent).toBe('invalid-input'));
  });
});
