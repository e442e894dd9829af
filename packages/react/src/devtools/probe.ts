import { isVectorIndexError } from '../core/errors.ts';
import { inspectable } from '../core/inspect.ts';
import type { SearchExplanation, SearchResult, VectorIndex } from '../core/types.ts';

/** Neighbours that are compared: recall@10. */
export const PROBE_K = 10;

export interface ProbeOptions {
  readonly namespace: string;
  /** Documents to ask with, at most. */
  readonly count: number;
  readonly signal: AbortSignal;
  /** From 0 to `total`. */
  readonly onProgress: (done: number, total: number) => void;
}

/** What one kind of search took, on average. */
export interface ProbeEffort {
  /** Milliseconds to find vectors, without reading rows. */
  readonly findMs: number;
  /** Distances. */
  readonly evaluations: number;
}

/** What asking with documents of one's own found out about the graph. */
export interface ProbeReport {
  /** Documents that were asked with. */
  readonly asked: number;
  /** Searches that walked the graph; the others compared every vector by themselves. */
  readonly walks: number;
  /** Share of the true neighbours that were found, 0 to 1; `null` where there were none to find. */
  readonly recall: number | null;
  /** How often a usual search fits into the time of an exact one; `null` where the clock is too coarse to tell. */
  readonly speedUp: number | null;
  readonly usual: ProbeEffort;
  readonly exact: ProbeEffort;
  /** Candidates that walks kept; `null` without any. */
  readonly efSearch: number | null;
}

/**
 * Asks for the neighbours of random documents, each time as apps do and once more by comparing every vector, and
 * says how much of the second answer the first one holds.
 *
 * What is as near as the tenth neighbour counts as found, so that copies of one document are no misses. Both
 * compare vectors as the index keeps them, with eight bits a component.
 *
 * @throws VectorIndexError `aborted`, and whatever a search fails with
 */
export async function probeRecall(
  index: VectorIndex,
  { namespace, count, signal, onProgress }: ProbeOptions,
): Promise<ProbeReport> {
  // One in each part, so that few are the same.
  const shares = Array.from({ length: count }, (_, part) => (part + Math.random()) / count);
  const ids = (await inspectable(index)?.pick(namespace, shares)) ?? [];
  const usual = createTally();
  const exact = createTally();
  let wanted = 0;
  let found = 0;
  let done = 0;
  const ask = async (id: string, isExact: boolean) => {
    const params = { namespace, k: PROBE_K, exact: isExact, explain: true, signal };
    const result = await index.search({ id, namespace }, params);
    (isExact ? exact : usual).add(result.explain);
    return result;
  };
  for (const id of shuffled(ids)) {
    onProgress(done++, ids.length);
    try {
      // By turns, so that neither always finds what the other has just read.
      const first = await ask(id, done % 2 === 0);
      const second = await ask(id, done % 2 === 1);
      const [truth, answer] = done % 2 === 0 ? [first, second] : [second, first];
      wanted += truth.hits.length;
      found += agreement(truth, answer);
    } catch (error) {
      // Removed meanwhile.
      if (!isVectorIndexError(error, 'invalid-input')) throw error;
    }
  }
  onProgress(ids.length, ids.length);
  const times = { usual: usual.mean(), exact: exact.mean() };
  return {
    ...times,
    asked: exact.count,
    walks: usual.walks,
    recall: wanted === 0 ? null : found / wanted,
    speedUp: times.usual.findMs > 0 ? times.exact.findMs / times.usual.findMs : null,
    efSearch: usual.efSearch,
  };
}

/** Hits of an answer that are as near as those of the truth. */
function agreement(truth: SearchResult, answer: SearchResult): number {
  const least = truth.hits.at(-1)?.score ?? Infinity;
  return answer.hits.filter(({ score }) => score >= least).length;
}

function createTally() {
  let findMs = 0;
  let evaluations = 0;
  const tally = {
    count: 0,
    walks: 0,
    efSearch: null as number | null,
    add(explain: SearchExplanation | undefined) {
      if (!explain) return;
      tally.count++;
      if (explain.plan === 'walk') tally.walks++;
      tally.efSearch ??= explain.efSearch;
      findMs += explain.findMs;
      evaluations += explain.evaluations;
    },
    mean: (): ProbeEffort => ({
      findMs: findMs / Math.max(1, tally.count),
      evaluations: evaluations / Math.max(1, tally.count),
    }),
  };
  return tally;
}

/** They come in the order of their slots, in which neighbours in time are. */
function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
