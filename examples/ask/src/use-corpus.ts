import { useQuery } from '@tanstack/react-query';
import { corpusToPassages, fetchCorpus } from './corpus.ts';

export function useCorpus() {
  return useQuery({
    queryKey: ['corpus'],
    queryFn: async (context) => {
      const corpus = await fetchCorpus(context);
      return { ...corpus, passages: corpusToPassages(corpus) };
    },
    networkMode: 'always',
    staleTime: Infinity,
    structuralSharing: false,
  });
}
