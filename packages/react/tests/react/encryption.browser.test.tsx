import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import {
  createVectorIndex,
  useSimilar,
  useStorageStatus,
  VectorIndexProvider,
} from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { modes } from './wrapper.tsx';

/** Passphrases are made to take long, and the machine may be busy. */
const LONG = 60_000;

function Notes() {
  const { data } = useSimilar({ query: 'whales', k: 1 });
  const { problem } = useStorageStatus();
  return <p>{problem ?? data?.hits[0]?.text ?? 'nothing yet'}</p>;
}

test.each(modes)(
  'a wrong passphrase can be followed by the right one, %s',
  { timeout: 2 * LONG },
  async (_, Mode) => {
    const options = testOptions();
    const made = createVectorIndex({ ...options, encryption: { passphrase: 'right' } });
    await made.insert({ id: 'a', text: 'whales are mammals' });
    await made.close();

    const app = (passphrase: string) => (
      <Mode>
        <VectorIndexProvider {...options} encryption={{ passphrase }}>
          <Notes />
        </VectorIndexProvider>
      </Mode>
    );
    const { rerender, unmount } = render(app('wrong'));
    await screen.findByText('locked', {}, { timeout: LONG });
    // The same object or another one that says the same: nothing is tried again.
    const tried = acquireVectorIndex({ ...options, encryption: { passphrase: 'wrong' } });
    rerender(app('wrong'));
    expect(acquireVectorIndex({ ...options, encryption: { passphrase: 'wrong' } })).toBe(tried);
    rerender(app('right'));
    await screen.findByText('whales are mammals', {}, { timeout: LONG });
    // Left, and back with a typing error, which is put right before it was found wrong.
    unmount();
    const again = render(app('wring'));
    again.rerender(app('right'));
    await screen.findByText('whales are mammals', {}, { timeout: LONG });
    await acquireVectorIndex({ ...options, encryption: { passphrase: 'right' } }).destroy();
  },
);
