import { VectorIndexError } from '../core/errors.ts';
import type { Metric } from '../core/types.ts';
import type { PackRow } from '../storage/schema.ts';
import { forEachBit } from './columns.ts';
import type { Replica, ReplicaHit, ReplicaOptions, ReplicaSearch } from './replica.ts';
import { createSlotMap } from './slot-map.ts';

/** Candidates that `diversity` chooses from, as a multiple of `k`, as in the engine. */
const DIVERSITY_POOL = 4;

interface Candidate {
  readonly hit: ReplicaHit;
  readonly vector: Float32Array;
}

/**
 * What remains when the engine cannot be trusted: every vector compared, in plain JavaScript, from
 * the rows alone. Slow and four times as large, and it finds what is there.
 */
export function createExactReplica({ dimensions, metric }: ReplicaOptions): Replica {
  const slots = createSlotMap();
  const vectors: (Float32Array | undefined)[] = [];
  const similarity = SIMILARITIES[metric];
  let seq = 0;

  const remove = (namespace: string, id: string) => {
    const slot = slots.find(namespace, id);
    if (slot === undefined) return;
    slots.delete(slot);
    vectors[slot] = undefined;
  };
  const addPack = (pack: PackRow) => {
    const all = new Float32Array(pack.data);
    pack.ids.forEach((id, row) => {
      if (id === null) return;
      const namespace = pack.namespaces[row] ?? '';
      const known = slots.find(namespace, id);
      const entry = known === undefined ? undefined : slots.entry(known);
      if (entry && entry.pack >= pack.pack) return;
      remove(namespace, id);
      const slot = vectors.push(all.subarray(row * dimensions, (row + 1) * dimensions)) - 1;
      slots.set(slot, { namespace, id, pack: pack.pack, row });
    });
  };

  const candidatesOf = (query: Float32Array, search: ReplicaSearch) => {
    const { namespace, among, except, minScore } = search;
    const found: Candidate[] = [];
    let evaluations = 0;
    forEachBit(among ?? slots.bits(namespace), (slot) => {
      const entry = slots.entry(slot);
      const vector = vectors[slot];
      if (!vector || !entry) return;
      if (except?.namespace === namespace && except.id === entry.id) return;
      const score = similarity(query, vector);
      evaluations++;
      if (minScore === undefined || score >= minScore)
        found.push({ hit: { ...entry, score }, vector });
    });
    return { found: found.sort((a, b) => b.hit.score - a.hit.score), evaluations };
  };

  return {
    get seq() {
      return seq;
    },
    get documentCount() {
      return slots.size;
    },
    unindexedCount: 0,
    hasGraph: false,
    isSettled: true,
    memoryBytes: 0,
    tombstones: 0,
    efSearch: null,
    slots,
    count: (namespace) => slots.count(namespace),
    namespaces: () => slots.namespaces(),
    loadPack: addPack,
    loaded(at) {
      seq = at;
    },
    apply(operation) {
      for (const [namespace, id] of operation.removed) remove(namespace, id);
      for (const [namespace, id] of operation.changed) slots.changed(namespace, id, operation.seq);
      if (operation.pack) addPack(operation.pack);
      seq = operation.seq;
    },
    search(query, search) {
      const { found, evaluations } = candidatesOf(query, search);
      const { k, diversity } = search;
      if (diversity === 0) {
        return { hits: found.slice(0, k).map(({ hit }) => hit), plan: 'scan', evaluations };
      }
      let more = 0;
      const counted: Similarity = (a, b) => {
        more++;
        return similarity(a, b);
      };
      const hits = diverse(found.slice(0, DIVERSITY_POOL * k), k, diversity, counted);
      return { hits, plan: 'scan', evaluations: evaluations + more };
    },
    forget({ namespace, id, pack, row }) {
      const slot = slots.find(namespace, id);
      const entry = slot === undefined ? undefined : slots.entry(slot);
      if (entry?.pack === pack && entry.row === row) remove(namespace, id);
    },
    snapshotChanges() {
      throw new VectorIndexError(
        'degraded',
        'There is no graph to store while every vector is compared.',
        'Reload the page to start the engine again.',
      );
    },
    erase: () => true,
    work: () => true,
    free() {
      vectors.length = 0;
    },
  };
}

/** Maximal marginal relevance, after Carbonell and Goldstein (1998). */
function diverse(
  pool: readonly Candidate[],
  k: number,
  diversity: number,
  similarity: Similarity,
): ReplicaHit[] {
  const left = [...pool];
  const chosen: Candidate[] = [];
  while (chosen.length < k && left.length > 0) {
    let best = 0;
    let bestValue = -Infinity;
    left.forEach(({ hit, vector }, at) => {
      const likest = chosen.reduce(
        (most, other) => Math.max(most, similarity(vector, other.vector)),
        -Infinity,
      );
      const value =
        chosen.length === 0 ? hit.score : (1 - diversity) * hit.score - diversity * likest;
      if (value <= bestValue) return;
      best = at;
      bestValue = value;
    });
    chosen.push(...left.splice(best, 1));
  }
  return chosen.map(({ hit }) => hit);
}

type Similarity = (a: Float32Array, b: Float32Array) => number;

const dot: Similarity = (a, b) => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
};

/** On the scales that `Metric` names. */
const SIMILARITIES: Record<Metric, Similarity> = {
  dot,
  cosine: (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  l2(a, b) {
    let sum = 0;
    for (let at = 0; at < a.length; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
    return 1 / (1 + Math.sqrt(sum));
  },
};
