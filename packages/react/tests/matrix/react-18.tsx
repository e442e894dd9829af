import { QueryClient } from '@tanstack/react-query';
import { version } from 'react';
import { version as domVersion } from 'react-dom';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { SemanticSearchBox } from '../../src/components/index.ts';
import { testOptions } from '../react/test-index.ts';
import { createWrapper, modes } from '../react/wrapper.tsx';

/** Without this the suite would pass on the newest peers as well, should an alias ever miss. */
test('they are React 18, for all of them, and an early TanStack Query 5', async () => {
  expect([version, domVersion].map((each) => each.split('.')[0])).toEqual(['18', '18']);
  // It came later than 5.25.
  expect('ensureInfiniteQueryData' in QueryClient.prototype).toBe(false);
  // A library with another React of its own throws at its first hook.
  render(<SemanticSearchBox inline />, { wrapper: createWrapper(modes[0][1], testOptions()) });
  expect(await screen.findByRole('combobox')).toBeDefined();
});
