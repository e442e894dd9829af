'use client';

import { useEffect } from 'react';
import { VectorIndexProvider, useInsert, useSimilar } from '@akin/react';
import { options } from './options';

const directions = ['north', 'east', 'south', 'west'].map((id, axis) => ({
  id,
  vector: Float32Array.from({ length: 8 }, (_, at) => Number(at === axis)),
}));

/** South, and a little west. */
const query = Float32Array.of(0, 0, 0.9, 0.2, 0, 0, 0, 0);

/** The same in every bundler: a few vectors go in, and the nearest comes out. */
export function App() {
  return (
    <VectorIndexProvider name="packaging" dimensions={8} {...options}>
      <h1>Which way?</h1>
      <Nearest />
    </VectorIndexProvider>
  );
}

function Nearest() {
  const { mutate: insert, error: refused } = useInsert();
  const { data, error } = useSimilar({ query, k: 1 });
  useEffect(() => insert(directions), [insert]);

  const failure = error ?? refused;
  if (failure) {
    return (
      <p id="failure" data-code={failure.code}>
        {failure.message}
      </p>
    );
  }
  return <p id="answer">{data?.hits[0]?.id ?? 'Nobody knows yet'}</p>;
}
