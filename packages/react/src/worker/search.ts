import { VectorIndexError, abortedError, invalidInput } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';
import type { SearchPayload, SearchReply } from '../core/protocol.ts';
import type { SearchExplanation, SearchHit } from '../core/types.ts';
import type { DocumentKey, DocumentRow } from '../storage/schema.ts';
import { checkSearch } from './check-search.ts';
import type { CheckedSearch } from './check-search.ts';
import { countBits } from './columns.ts';
import { documentOf } from './document.ts';
import { matchesFilter } from './filter-match.ts';
import { learnMetadata } from './learn-metadata.ts';
import type { Learning } from './learn-metadata.ts';
import type { OpenIndex } from './open-index.ts';
import type { ReplicaFound, ReplicaHit } from './replica.ts';
import { checkVector } from './vectors.ts';

/** Searches anew when rows and replica disagree, before answering with what agrees. */
const ATTEMPTS = 4;

export interface SearchContext extends Learning {
  readonly clock: Clock;
}

interface Query {
  readonly vector: Float32Array;
  /** The document that "more like this" starts from is no answer to it. */
  readonly except: { readonly namespace: string; readonly id: string } | null;
}

/**
 * Finds documents and reads their rows. Rows are the truth: a hit whose row is gone, or has
 * another vector by now, is not shown; the search is done again on what the log says.
 */
export async function searchIndex(
  search: SearchContext,
  given: SearchPayload,
): Promise<SearchReply> {
  const { need, isHeld, clock, context } = search;
  const startedAt = clock.now();
  const payload = checkSearch(given, need().description.metric);
  const { namespace, filter } = payload;
  const query = await resolveQuery(need(), payload.target);
  const effort = { evaluations: 0, findMs: 0, readMs: 0 };
  for (let attempt = 1; ; attempt++) {
    if (context.isCancelled) throw abortedError();
    if (filter) await learnMetadata(search, namespace, filter);
    // Should the engine not come back, nothing half written stands in the next worker's way. The rows would wait
    // for what is being written all the same.
    while (need().driver.writing) await need().driver.writing;
    const { replica, store } = need();
    const askedAt = clock.now();
    const among = filter && replica.slots.bits(namespace, filter);
    const { hits: found, plan, evaluations } = findHits(replica, query, payload, among);
    const foundAt = clock.now();
    const { seq: revision } = replica;
    const searched = among ? countBits(among) : replica.count(namespace);
    const graph = payload.explain && graphOf(replica, plan, payload);
    const sentAt = clock.now();
    const rows = found.length === 0 ? [] : await store.documents(found.map(keyOf));
    effort.evaluations += evaluations;
    effort.findMs += foundAt - askedAt;
    effort.readMs += clock.now() - sentAt;
    const isWanted = ({ metadata }: DocumentRow) => !filter || matchesFilter(filter, metadata);
    const stale = found.filter((hit, position) => !isOf(rows[position], hit));
    const changed = found.flatMap((hit, position) => {
      const row = rows[position];
      return isOf(row, hit) && !isWanted(row) ? [row] : [];
    });
    const isAgreed = stale.length === 0 && changed.length === 0;
    // What is under way while the replica is held may take minutes.
    if (isAgreed || attempt === ATTEMPTS || isHeld()) {
      const hits = found.flatMap((hit, position): SearchHit[] => {
        const row = rows[position];
        return isOf(row, hit) && isWanted(row) ? [{ ...documentOf(row), score: hit.score }] : [];
      });
      return {
        ...{ hits, searched, revision, searchMs: clock.now() - startedAt },
        ...(graph ? { explain: { ...graph, ...effort, searched, attempts: attempt } } : {}),
      };
    }
    changed.forEach((row) => replica.slots.learn(row, row.metadata, row.seq));
    if (attempt > 1) {
      // The log has nothing on them: their rows are lost or damaged.
      stale.forEach((hit) => need().replica.forget(hit));
    }
    await search.catchUp();
  }
}

async function resolveQuery(
  { store, description }: OpenIndex,
  target: SearchPayload['target'],
): Promise<Query> {
  if (target instanceof Float32Array) {
    checkVector(target, description.metric, 'The query');
    return { vector: target, except: null };
  }
  const found = await store.documentWithVector([target.namespace, target.id]);
  if (!found) {
    throw invalidInput(`There is no document "${target.id}".`, 'See that it is inserted first.');
  }
  if (!found.vector) {
    throw new VectorIndexError(
      'corrupt',
      `The vector of document "${target.id}" is damaged.`,
      'Remove the document and insert it again.',
    );
  }
  return { vector: found.vector, except: target };
}

function findHits(
  replica: OpenIndex['replica'],
  { vector, except }: Query,
  { k, namespace, minScore, diversity, efSearch, exact }: CheckedSearch,
  among: Uint32Array | undefined,
): ReplicaFound {
  const search = { namespace, k, minScore, diversity, efSearch, exact };
  return replica.search(vector, { ...search, among, except });
}

/** The graph as this search met it: a moment later it may be another. */
function graphOf(
  { efSearch, unindexedCount, tombstones }: OpenIndex['replica'],
  plan: ReplicaFound['plan'],
  { efSearch: asked }: CheckedSearch,
): Pick<SearchExplanation, 'plan' | 'efSearch' | 'unindexed' | 'tombstones' | 'degraded'> {
  return {
    plan,
    efSearch: plan === 'walk' ? (asked ?? efSearch) : null,
    unindexed: unindexedCount,
    tombstones,
    degraded: efSearch === null,
  };
}

function keyOf({ namespace, id }: ReplicaHit): DocumentKey {
  return [namespace, id];
}

function isOf(row: DocumentRow | undefined, hit: ReplicaHit): row is DocumentRow {
  return row !== undefined && row.pack === hit.pack && row.row === hit.row;
}
