// What React would keep over an edit is thrown away as well.
// @refresh reset
import { useInsert, useSimilar, VectorIndexProvider } from '@akin/react';
import { useEffect, type ReactElement } from 'react';
import { edition as ofEmbedder, embedder } from './embedder.ts';

const edition = 0;

export function App(): ReactElement {
  return (
    <VectorIndexProvider name="hot-reload" embedder={embedder}>
      <Found />
    </VectorIndexProvider>
  );
}

function Found(): ReactElement {
  const { mutate } = useInsert();
  const { data } = useSimilar({ query: 'apples', k: 1 });
  useEffect(() => mutate({ id: 'a', text: 'apples' }), [mutate]);
  return (
    <p id="found">
      {edition}/{ofEmbedder}: {data?.hits[0]?.text}
    </p>
  );
}
