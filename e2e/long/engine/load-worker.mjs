/**
 * The load cases, run in a worker as an application runs the engine. Each does its work on one
 * index of 100,000 vectors, checks what must hold at every moment, and reports what the test is to
 * judge: counts, recall, bytes.
 */
import { loadEngine } from '../../../packages/engine/dist/browser.js';
import { Points } from './points.mjs';

/* global self */

const count = 100_000;
const dimensions = 128;
const k = 10;

const engine = await loadEngine();
const points = new Points(1, dimensions);
const data = points.take(count);
const queries = points.take(400);
let index = engine.createIndex({ dimensions, capacity: count });

/** @type {Map<number, number>} the live slots, and which vector each holds */
const live = new Map();

/** @param {Float32Array} from @param {number} at */
const row = (from, at) => from.subarray(at * dimensions, (at + 1) * dimensions);

/** @param {boolean} condition @param {string} what */
function check(condition, what) {
  if (!condition) throw new Error(`It does not hold that ${what}`);
}

/** @param {Uint32Array} slots @param {number} first number of the first vector */
function note(slots, first) {
  slots.forEach((slot, at) => {
    check(!live.has(slot), `slot ${slot} was free`);
    live.set(slot, first + at);
  });
}

/** @param {number[]} slots */
function remove(slots) {
  check(index.remove(slots) === slots.length, 'as many are removed as were there');
  slots.forEach((slot) => live.delete(slot));
}

/** @param {Float32Array} query @param {import('@akin/engine').SearchOptions} [options] */
function search(query, options = { k }) {
  const { slots, scores } = index.search(query, options);
  check(slots.length === Math.min(options.k, live.size), 'there are min(k, size) results');
  check(
    slots.every((slot) => live.has(slot)),
    'removed vectors are not found',
  );
  check(new Set(slots).size === slots.length, 'no slot is found twice');
  check(
    scores.every((score, at) => at === 0 || score <= (scores[at - 1] ?? 0)),
    'the best come first',
  );
  return { slots, scores };
}

/** Recall@10 against the exact scan of the same index. */
function recall() {
  let found = 0;
  for (let at = 0; at < 400; at++) {
    const exact = search(row(queries, at), { k, exact: true });
    const least = exact.scores[k - 1] ?? 0;
    found += search(row(queries, at)).scores.filter((score) => score >= least).length;
  }
  return found / (400 * k);
}

/** @param {{ between?: () => void }} [options] */
function compact({ between } = {}) {
  let steps = 1;
  for (; !index.compact({ maxWork: 100_000 }).done; steps++) between?.();
  return steps;
}

const state = () => ({
  size: index.size,
  slotCount: index.slotCount,
  pending: index.pending,
  tombstones: index.tombstones,
  indexBytes: index.memoryBytes,
  moduleBytes: engine.memoryBytes,
});

const cases = {
  insert_100k() {
    const batch = 1000;
    for (let first = 0; first < count; first += batch) {
      note(index.add(data.subarray(first * dimensions, (first + batch) * dimensions)), first);
      index.buildStep({ maxWork: 2_000_000 });
      // The newest is found at once, whether it is in the graph or waits for it.
      const { slots } = search(row(data, first + batch - 1));
      check(live.get(slots[0] ?? -1) === first + batch - 1, 'the newest vector is found');
    }
    index.buildStep();
    return { ...state(), recall: recall() };
  },

  search_sustained() {
    const before = state();
    const evaluations = index.evaluations;
    let lost = 0;
    for (let at = 0; at < 20_000; at++) {
      const own = (at * 7919) % count;
      lost += live.get(search(row(data, own)).slots[0] ?? -1) === own ? 0 : 1;
    }
    const visited = (index.evaluations - evaluations) / 20_000;
    return { before, after: state(), lost, visited };
  },

  mixed_workload() {
    const fresh = points.take(4000);
    const slots = [...live.keys()];
    let [next, found, wanted] = [0, 0, 0];
    for (let round = 0; round < 4000; round++) {
      note(index.add(row(fresh, round)), count + round);
      const at = (round * 104_729) % slots.length;
      const [gone] = slots.splice(at, 1);
      remove([gone ?? -1]);
      if (round % 8 === 0) index.buildStep({ maxWork: 20_000 });
      if (round % 16 === 0) index.compact({ maxWork: 2000 }); // Begun, never finished here.
      search(row(queries, round % 400));
      next = round;
      found += live.get(search(row(fresh, next)).slots[0] ?? -1) === count + next ? 1 : 0;
      wanted++;
    }
    index.buildStep();
    return { ...state(), live: live.size, found: found / wanted, recall: recall() };
  },

  high_tombstone_ratio() {
    const gone = [...live.keys()].filter((slot) => slot % 5 !== 0);
    remove(gone);
    const removed = { ...state(), recall: recall() };
    let at = 0;
    const steps = compact({ between: () => void search(row(queries, at++ % 400)) });
    // What mixed_workload had begun only knew the tombstones of then.
    compact();
    return { removed, steps, compacted: { ...state(), recall: recall() }, live: live.size };
  },

  memory_stability() {
    const rounds = [];
    for (let round = 0; round < 16; round++) {
      const gone = [...live.keys()].filter((_, at) => at % 5 === round % 5);
      remove(gone);
      note(index.add(points.take(gone.length)), 0);
      index.buildStep();
      compact();
      // Saved and opened again, and the old one freed, as an application does at a restart.
      const snapshot = index.snapshot();
      const opened = engine.openIndex(snapshot);
      index.free();
      index = opened;
      rounds.push({ ...state(), snapshotBytes: snapshot.length, recall: recall() });
    }
    return { rounds, live: live.size };
  },

  batch_insert() {
    const more = count - index.size;
    const batch = points.take(more);
    const before = state();
    const bad = batch.slice();
    bad[bad.length - 1] = NaN;
    let refused = '';
    try {
      index.add(bad);
    } catch (error) {
      refused = /** @type {{ code: string }} */ (error).code;
    }
    const unchanged = JSON.stringify(state()) === JSON.stringify(before);
    note(index.add(batch), 0);
    const pending = { ...state(), first: search(row(batch, more - 1)).scores[0] };
    index.buildStep();
    return { refused, unchanged, pending, built: { ...state(), recall: recall() } };
  },
};

self.onmessage = ({ data: name }) => {
  try {
    self.postMessage({ report: cases[/** @type {keyof typeof cases} */ (name)]() });
  } catch (error) {
    self.postMessage({ error: String(/** @type {Error} */ (error).stack) });
  }
};
self.postMessage({ report: 'ready' });
