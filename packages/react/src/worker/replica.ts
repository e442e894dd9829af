import type { Engine, Index, SnapshotChanges } from '@akin/engine/slim';
import type { HnswOptions, Metric } from '../core/types.ts';
import type { Committed } from '../storage/commit.ts';
import type { PackRow } from '../storage/schema.ts';
import { createSlotMap } from './slot-map.ts';
import type { SlotEntry } from './slot-entry.ts';
import type { SlotMap } from './slot-map.ts';

/** Removed vectors, as a share of all, that are worth taking out of the graph. */
const COMPACT_SHARE = 0.25;

export interface ReplicaOptions {
  readonly dimensions: number;
  readonly metric: Metric;
  readonly hnsw: HnswOptions;
}

export interface ReplicaSearch {
  readonly namespace: string;
  /** The slots of the namespace that may be found, bit by bit. Default: all of them. */
  readonly among?: Uint32Array | undefined;
  readonly k: number;
  readonly minScore: number | undefined;
  readonly diversity: number;
  readonly efSearch: number | undefined;
  readonly exact: boolean;
  /** Not a hit, nor a reason to leave out what is like it. */
  readonly except: { readonly namespace: string; readonly id: string } | null;
}

export interface ReplicaHit extends SlotEntry {
  readonly score: number;
}

/** What was found, and what that took. */
export interface ReplicaFound {
  readonly hits: ReplicaHit[];
  /** Every vector was compared, or the graph was walked. */
  readonly plan: 'scan' | 'walk';
  /** Distances computed. */
  readonly evaluations: number;
}

/** What the rows say, in a form that can be searched. Synchronous throughout. */
export interface Replica {
  /** The last operation that it holds. */
  readonly seq: number;
  readonly documentCount: number;
  /** Vectors that the graph is still to take up. */
  readonly unindexedCount: number;
  /** Vectors are put into a graph, which can be stored. */
  readonly hasGraph: boolean;
  /** The graph is complete, and nothing is being taken out of it. */
  readonly isSettled: boolean;
  readonly memoryBytes: number;
  readonly tombstones: number;
  /** Candidates that a walk keeps where a search does not say; `null` where there is no graph to walk. */
  readonly efSearch: number | null;
  count(namespace: string): number;
  namespaces: SlotMap['namespaces'];
  loadPack(pack: PackRow): void;
  loaded(seq: number): void;
  apply(operation: Committed): void;
  search(query: Float32Array, search: ReplicaSearch): ReplicaFound;
  /** Takes back what has no row. */
  forget(entry: SlotEntry): void;
  readonly slots: Pick<
    SlotMap,
    | 'bits'
    | 'columns'
    | 'compactMetadata'
    | 'encodeSegment'
    | 'entry'
    | 'knownCount'
    | 'learn'
    | 'segmentCount'
    | 'segmentRevision'
    | 'unknown'
  >;
  /** Of the vectors and the graph, at this moment. See the engine's `snapshotChanges`. */
  snapshotChanges(since: Uint8Array | undefined): SnapshotChanges;
  /** Overwrites what removed vectors have left, within about `maxWork` distances; whether it is done. */
  erase(maxWork: number): boolean;
  /** Does about `maxWork` distances of graph work; whether there is none left. */
  work(maxWork: number): boolean;
  free(): void;
}

/** What a snapshot gave. */
export interface RestoredIndex {
  readonly index: Index;
  readonly slots: SlotMap;
  readonly seq: number;
  readonly hnsw: HnswOptions;
}

export function createReplica(engine: Engine, options: ReplicaOptions): Replica {
  const { dimensions, metric, hnsw } = options;
  const index = engine.createIndex({
    dimensions,
    metric,
    ...(hnsw.m === undefined ? {} : { m: hnsw.m }),
    ...(hnsw.efConstruction === undefined ? {} : { efConstruction: hnsw.efConstruction }),
    ...(hnsw.efSearch === undefined ? {} : { efSearch: hnsw.efSearch }),
  });
  return replicaOf({ index, slots: createSlotMap(), seq: 0, hnsw });
}

export function replicaOf({ index, slots, hnsw, ...restored }: RestoredIndex): Replica {
  const { dimensions } = index;
  let seq = restored.seq;
  let isBuilt = index.pending === 0;
  let isCompacting = false;
  /** Once somebody has asked: the engine reads every node's links to tell. */
  let ownEfSearch = hnsw.efSearch;

  /** Adds the pack's live vectors; what they replace goes. */
  const addPack = (pack: PackRow) => {
    const rows: number[] = [];
    pack.ids.forEach((id, row) => {
      if (id === null) return;
      const slot = slots.find(pack.namespaces[row] ?? '', id);
      const entry = slot === undefined ? undefined : slots.entry(slot);
      // Here already, or from a later operation.
      if (entry && entry.pack >= pack.pack) return;
      rows.push(row);
    });
    if (rows.length === 0) return;
    const added = index.add(gather(pack, rows, dimensions));
    rows.forEach((row, position) => {
      const namespace = pack.namespaces[row] ?? '';
      const id = pack.ids[row] ?? '';
      removeKey(namespace, id);
      slots.set(added[position] ?? 0, { namespace, id, pack: pack.pack, row });
    });
    isBuilt = false;
  };

  const removeSlot = (slot: number) => {
    slots.delete(slot);
    index.remove([slot]);
  };
  const removeKey = (namespace: string, id: string) => {
    const slot = slots.find(namespace, id);
    if (slot !== undefined) removeSlot(slot);
  };

  /** The bits of what may be found but for one document; none where that is the whole index. */
  const bitsFor = ({ namespace, among, except }: ReplicaSearch) => {
    const isExcept = except?.namespace === namespace;
    const left = isExcept ? slots.find(namespace, except.id) : undefined;
    if (!among && left === undefined && slots.count(namespace) === index.size) return undefined;
    const bits = among ?? slots.bits(namespace);
    const words = bits.subarray(0, Math.ceil(index.slotCount / 32));
    if (left === undefined) return words;
    const others = words.slice();
    const word = left >>> 5;
    others[word] = (others[word] ?? 0) & ~(1 << (left & 31));
    return others;
  };

  return {
    get seq() {
      return seq;
    },
    get documentCount() {
      return slots.size;
    },
    get unindexedCount() {
      // A small index needs no graph, and then nothing is outstanding.
      return isBuilt ? 0 : index.pending;
    },
    hasGraph: true,
    get isSettled() {
      return isBuilt && !isCompacting;
    },
    get memoryBytes() {
      return index.memoryBytes;
    },
    get tombstones() {
      return index.tombstones;
    },
    get efSearch() {
      return (ownEfSearch ??= index.statistics().efSearch);
    },
    count: (namespace) => slots.count(namespace),
    namespaces: () => slots.namespaces(),
    slots,
    snapshotChanges: (since) => index.snapshotChanges(since),
    loadPack: addPack,
    loaded(at) {
      seq = at;
    },
    apply(operation) {
      for (const [namespace, id] of operation.removed) removeKey(namespace, id);
      for (const [namespace, id] of operation.changed) slots.changed(namespace, id, operation.seq);
      if (operation.pack) addPack(operation.pack);
      seq = operation.seq;
    },
    search(query, search) {
      const { namespace, k, minScore, diversity, efSearch, exact } = search;
      const {
        slots: found,
        scores,
        ...effort
      } = index.search(query, {
        k: Math.min(k, slots.count(namespace)),
        minScore,
        diversity,
        // A snapshot remembers what was asked for when it was made.
        efSearch: efSearch ?? hnsw.efSearch,
        exact,
        filter: bitsFor(search),
      });
      const hits: ReplicaHit[] = [];
      found.forEach((slot, position) => {
        const entry = slots.entry(slot);
        if (entry?.namespace === namespace) hits.push({ ...entry, score: scores[position] ?? 0 });
      });
      return { hits, plan: effort.plan, evaluations: effort.evaluations };
    },
    forget({ namespace, id, pack, row }) {
      const slot = slots.find(namespace, id);
      const entry = slot === undefined ? undefined : slots.entry(slot);
      if (slot !== undefined && entry?.pack === pack && entry.row === row) removeSlot(slot);
    },
    work(maxWork) {
      if (!isBuilt) {
        isBuilt = index.buildStep({ maxWork }).done;
        return false;
      }
      isCompacting ||= index.tombstones > COMPACT_SHARE * (index.size + index.tombstones);
      if (!isCompacting) return true;
      isCompacting = !index.compact({ maxWork }).done;
      return false;
    },
    erase(maxWork) {
      if (index.tombstones === 0) return true;
      isCompacting = !index.compact({ maxWork }).done;
      return index.tombstones === 0;
    },
    free: () => index.free(),
  };
}

/** The vectors of some rows; without a copy when it is all of them. */
function gather(pack: PackRow, rows: readonly number[], dimensions: number): Float32Array {
  const all = new Float32Array(pack.data);
  if (rows.length * dimensions === all.length) return all;
  const picked = new Float32Array(rows.length * dimensions);
  rows.forEach((row, position) => {
    picked.set(all.subarray(row * dimensions, (row + 1) * dimensions), position * dimensions);
  });
  return picked;
}
