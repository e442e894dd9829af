import { expect, test } from 'vitest';
import { SearchBoxParts } from '../../src/components/index.ts';
import { useDocuments, useSimilar, VectorIndexProvider } from '../../src/index.ts';

/** Without this the suite would pass uncompiled as well, should the plugin ever miss. */
test.each([useSimilar, useDocuments, VectorIndexProvider, SearchBoxParts.Root])(
  '$name is compiled',
  (compiled) => {
    expect(String(compiled)).toMatch(/\$\[\d+\]/);
  },
);
