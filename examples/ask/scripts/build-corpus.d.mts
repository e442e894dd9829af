import type { Corpus } from '../src/corpus.ts';

/** The corpus, made from the data set. */
export declare function buildCorpus(dataFolder?: string): Corpus;
