import type { ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ChatMemoryParts, SearchBoxParts } from '../../src/components/index.ts';
import { VectorIndexError } from '../../src/core/errors.ts';

const thrownBy = (element: ReactElement): unknown => {
  try {
    renderToString(element);
  } catch (error) {
    return error;
  }
  return undefined;
};

test.each([
  [<SearchBoxParts.Clear />, '<SearchBoxParts.Clear>', '<SearchBoxParts.Root>'],
  [<ChatMemoryParts.Toggle />, '<ChatMemoryParts.Toggle>', '<ChatMemoryParts.Root>'],
])('a part outside of its root says where it belongs', (element, part, place) => {
  const error = thrownBy(element);
  expect(error).toBeInstanceOf(VectorIndexError);
  expect(error).toMatchObject({
    code: 'invalid-input',
    what: `${part} is outside of ${place}.`,
    hint: `Render it inside ${place}.`,
  });
});
