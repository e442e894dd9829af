import { version } from 'react';
import { version as domVersion } from 'react-dom';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { SemanticSearchBox } from '../../src/components/index.ts';
import { testOptions } from '../react/test-index.ts';
import { createWrapper, modes } from '../react/wrapper.tsx';

/** Without this the suite would pass on React 19 as well, should the alias ever miss. */
test('it is React 18, for all of them', async () => {
  expect([version, domVersion].map((each) => each.split('.')[0])).toEqual(['18', '18']);
  // A library with another React of its own throws at its first hook.
  render(<SemanticSearchBox inline />, { wrapper: createWrapper(modes[0][1], testOptions()) });
  expect(await screen.findByRole('combobox')).toBeDefined();
});
