import { render, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { useSimilar, useVectorIndexStatus, VectorIndexProvider } from '../../src/index.ts';
import { testOptions, workerCount } from './test-index.ts';
import { modes } from './wrapper.tsx';

function Page() {
  const { state, documentCount } = useVectorIndexStatus();
  const { status, data } = useSimilar({ query: 'apples' });
  return (
    <p>
      {state} {documentCount} {status} {data?.hits[0]?.text}
    </p>
  );
}

describe.each(modes)('rendering on a server %s', (_, Mode) => {
  test('gives the shell, which a browser takes over without a complaint', async () => {
    const options = testOptions();
    const index = acquireVectorIndex(options);
    const app = (
      <Mode>
        <VectorIndexProvider {...options}>
          <Page />
        </VectorIndexProvider>
      </Mode>
    );
    const started = workerCount.started;
    const container = document.createElement('div');
    container.innerHTML = renderToString(app);
    expect(container.textContent).toBe('idle 0 pending ');
    expect(workerCount.started).toBe(started);

    // By the time the browser takes over, the index may hold something already.
    await index.insert({ id: 'a', text: 'apples' });
    document.body.append(container);
    const errors: unknown[] = [];
    render(app, {
      container,
      hydrate: true,
      onRecoverableError: (error) => errors.push(error),
    });
    await waitFor(() => expect(container.textContent).toBe('ready 1 success apples'));
    expect(errors).toEqual([]);
  });
});
