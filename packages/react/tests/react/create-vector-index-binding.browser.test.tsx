import { act, render, renderHook, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import { createVectorIndexBinding, useVectorIndex } from '../../src/index.ts';
import { testOptions } from './test-index.ts';
import { watchedEmbedder } from './watched-embedder.ts';
import { modes } from './wrapper.tsx';

const Notes = createVectorIndexBinding<{ title: string }>();
const People = createVectorIndexBinding<{ age: number }>();

describe.each(modes)('createVectorIndexBinding %s', (_, Mode) => {
  test('hooks work on their own index, whatever providers are in between', async () => {
    const notes = testOptions();
    const people = testOptions();
    const wrapper = ({ children }: { readonly children: ReactNode }) => (
      <Mode>
        <Notes.VectorIndexProvider {...notes}>
          <People.VectorIndexProvider {...people}>{children}</People.VectorIndexProvider>
        </Notes.VectorIndexProvider>
      </Mode>
    );
    const { result } = renderHook(
      () => {
        const found = Notes.useSimilar({ query: 'apples', filter: { title: 'Shopping' } });
        const listed = People.useDocuments({ filter: { age: { gte: 18 } } });
        void [found.data, listed.data];
        return {
          found,
          listed,
          addNote: Notes.useInsert(),
          addPerson: People.useInsert(),
          count: Notes.useVectorIndexStatus((status) => status.documentCount),
          names: [Notes.useVectorIndex().name, People.useVectorIndex().name, useVectorIndex().name],
        };
      },
      { wrapper },
    );
    // Unbound, the nearest.
    expect(result.current.names).toEqual([notes.name, people.name, people.name]);
    await act(() =>
      result.current.addNote.mutateAsync({
        id: 'a',
        text: 'apples and pears',
        metadata: { title: 'Shopping' },
      }),
    );
    await act(() =>
      result.current.addPerson.mutateAsync({ id: 'ada', text: 'Ada', metadata: { age: 36 } }),
    );
    await waitFor(() =>
      expect(result.current.found.data?.hits[0]?.metadata.title).toBe('Shopping'),
    );
    await waitFor(() => expect(result.current.listed.data?.documents[0]?.metadata.age).toBe(36));
    await waitFor(() => expect(result.current.count).toBe(1));
  });

  test('what is inserted outside an inner provider is pending inside', async () => {
    const embedder = watchedEmbedder();
    embedder.hold();
    function Add() {
      const { mutate } = Notes.useInsert();
      return <button onClick={() => mutate({ id: 'a', text: 'apples' })}>Add</button>;
    }
    function Pending() {
      return <p>{Notes.usePendingDocuments().map(({ text }) => `${text} to come`)}</p>;
    }
    render(
      <Mode>
        <Notes.VectorIndexProvider {...testOptions(embedder)}>
          <Add />
          <People.VectorIndexProvider {...testOptions()}>
            <Pending />
          </People.VectorIndexProvider>
        </Notes.VectorIndexProvider>
      </Mode>,
    );
    act(() => screen.getByText('Add').click());
    await screen.findByText('apples to come');
    act(() => embedder.release());
    await waitFor(() => expect(screen.queryByText('apples to come')).toBeNull());
  });

  test('outside its provider a hook says so', () => {
    const { result } = renderHook(() => {
      try {
        return Notes.useInsert();
      } catch (error) {
        return error as { code: string; message: string };
      }
    });
    expect(result.current).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('useInsert') as string,
    });
  });
});
