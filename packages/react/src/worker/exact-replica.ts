import { VectorIndexError } from '../core/errors.ts';
import type { PackRow } from '../storage/schema.ts';
import { forEachBit } from './columns.ts';
import { chooseDiverse, diversityPool } from './diversity.ts';
import type { Candidate } from './diversity.ts';
import type { Replica, ReplicaOptions, ReplicaSearch } from './replica.ts';
import { similarityOf } from './similarity.ts';
import { createSlotMap } from './slot-map.ts';

/**
 * What remains when the engine cannot be trusted: every vector compared, in plain JavaScript, from
 * the rows alone. Slow and four times as large, and it finds what is there.
 */
export function createExactReplica({ dimensions, metric }: ReplicaOptions): Replica {
  const slots = createSlotMap();
  const vectors: (Float32Array | undefined)[] = [];
  const similarity = similarityOf[metric];
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
      const pool = found.slice(0, diversityPool(k));
      const chosen = chooseDiverse(pool, k, diversity, metric);
      return { ...chosen, plan: 'scan', evaluations: evaluations + chosen.evaluations };
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
