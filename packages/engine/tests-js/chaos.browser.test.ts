// Fifteen cases that make vector indexes fall over, by the names under which EdgeVec lists them.
// There they run natively; these run in a real browser, on the module that ships.
import { beforeAll, expect, it } from 'vitest';
import type { Engine, Index, IndexOptions, Metric } from '../js/browser.ts';
import { EngineError, loadEngine } from '../js/browser.ts';
import { clustered, recall, row, similarity, slotsWhere, uniform } from './vectors.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const metrics: Metric[] = ['cosine', 'dot', 'l2'];

/** An empty index that builds its graph from the first vector on. */
const create = (dimensions: number, options: Partial<IndexOptions> = {}): Index =>
  engine.createIndex({ dimensions, exactBelow: 0, ...options });

it('empty_index_search', () => {
  for (const metric of metrics) {
    const index = create(16, { metric });
    const query = new Float32Array(16).fill(1);
    for (const k of [0, 1, 10, 1e9]) {
      expect(index.search(query, { k }).slots).toHaveLength(0);
      expect(index.search(query, { k, exact: true }).scores).toHaveLength(0);
      expect(index.search(query, { k, filter: Uint32Array.of(1) }).slots).toHaveLength(0);
    }
    expect(index.buildStep()).toEqual({ done: true });
    expect(index.compact()).toEqual({ done: true });
    expect(engine.openIndex(index.snapshot()).search(query, { k: 1 }).slots).toHaveLength(0);
  }
});

it('single_vector', () => {
  for (const metric of metrics) {
    const index = create(16, { metric });
    const { data } = uniform(1, 1, 16);
    expect([...index.add(data)]).toEqual([0]);
    for (const state of ['pending', 'linked']) {
      const { slots, scores } = index.search(data, { k: 10 });
      expect([...slots], state).toEqual([0]);
      const gap = Math.abs(scores[0]! - similarity(metric, data, data));
      expect(gap).toBeLessThan(metric === 'cosine' ? 1e-4 : 0.05);
      const away = index.search(
        data.map((component) => -component),
        { k: 1 },
      );
      expect([...away.slots]).toEqual([0]);
      index.buildStep();
    }
    expect(index.remove([0])).toBe(1);
    expect(index.search(data, { k: 1 }).slots).toHaveLength(0);
  }
});

it('all_deleted', () => {
  const vectors = clustered(2, 800, 24);
  const index = create(24);
  index.add(vectors.data);
  index.buildStep();
  expect(index.remove(slotsWhere(800, () => true))).toBe(800);
  for (let round = 0; round < 2; round++) {
    expect(index.size).toBe(0);
    expect(index.search(row(vectors, 0), { k: 10 }).slots).toHaveLength(0);
    expect(index.compact()).toEqual({ done: true });
    expect(index.tombstones).toBe(0);
  }
  index.add(vectors.data);
  index.buildStep();
  expect(index).toMatchObject({ size: 800, slotCount: 800, pending: 0 });
  expect(index.search(row(vectors, 9), { k: 1 }).slots[0]).toBe(9);
});

it('zero_vector', () => {
  const zero = new Float32Array(16);
  const { data } = uniform(3, 20, 16);
  const cosine = create(16);
  cosine.add(data);
  expect(() => cosine.add(zero)).toThrow(EngineError);
  expect(() => cosine.search(zero, { k: 1 })).toThrow(EngineError);
  expect(cosine.size).toBe(20);
  for (const metric of ['dot', 'l2'] as const) {
    const index = create(16, { metric });
    index.add(data);
    expect([...index.add(zero)]).toEqual([20]);
    index.buildStep();
    const { slots, scores } = index.search(zero, { k: 21 });
    expect(slots).toHaveLength(21);
    expect(scores.every(Number.isFinite)).toBe(true);
    const own = scores[slots.indexOf(20)]!;
    expect(own).toBe(metric === 'l2' ? 1 : 0);
    if (metric === 'l2') expect(slots[0]).toBe(20);
  }
});

it('max_dimensions', () => {
  const vectors = uniform(4, 60, 4096);
  for (const metric of metrics) {
    const index = create(4096, { metric });
    index.add(vectors.data);
    index.buildStep();
    for (let at = 0; at < 60; at += 7) {
      expect(index.search(row(vectors, at), { k: 3 }).slots[0]).toBe(at);
    }
    expect(engine.openIndex(index.snapshot()).vector(59)).toHaveLength(4096);
    index.free();
  }
  expect(() => create(4097)).toThrow(EngineError);
});

it('duplicate_vectors', () => {
  const vectors = uniform(5, 50, 24);
  const index = create(24);
  for (let copy = 0; copy < 20; copy++) {
    index.add(vectors.data);
    index.buildStep();
  }
  expect(index.size).toBe(1000);
  for (let at = 0; at < 50; at++) {
    const { slots, scores } = index.search(row(vectors, at), { k: 20 });
    expect([...slots].map((slot) => slot % 50)).toEqual(Array(20).fill(at));
    expect(new Set(slots).size).toBe(20);
    expect(new Set(scores).size).toBe(1);
  }
  // All copies but the last one go.
  index.remove(slotsWhere(950, () => true));
  for (let at = 0; at < 50; at++) {
    expect(index.search(row(vectors, at), { k: 1 }).slots[0]).toBe(950 + at);
  }
});

it('delete_reinsert', () => {
  const vectors = clustered(6, 400, 24);
  const index = create(24);
  let slots = [...index.add(vectors.data)];
  index.buildStep();
  for (let round = 0; round < 8; round++) {
    expect(index.remove(slots.filter((_, at) => at % 2 === round % 2))).toBe(200);
    if (round % 3 === 0) index.compact();
    slots = slots.map((slot, at) =>
      at % 2 === round % 2 ? index.add(row(vectors, at))[0]! : slot,
    );
    index.buildStep();
    expect(index.size).toBe(400);
    expect(new Set(slots).size).toBe(400);
    const lost = slots.filter(
      (slot, at) => index.search(row(vectors, at), { k: 1 }).slots[0] !== slot,
    );
    expect(lost, `round ${round}`).toEqual([]);
  }
});

it('extreme_values', () => {
  for (const metric of metrics) {
    const index = create(4, { metric });
    const largest = metric === 'cosine' ? 3e38 : 1e15;
    const sizes = [largest, 1e10, 1, 1e-10, 1e-30, 1e-45];
    for (const size of sizes) index.add(Float32Array.of(size, -size, size, size));
    index.add(Float32Array.of(largest, 1e-45, -1e-45, 0));
    index.buildStep();
    for (const size of sizes) {
      const { slots, scores } = index.search(Float32Array.of(size, 0, 0, -size), { k: 10 });
      expect(slots).toHaveLength(7);
      expect(scores.some(Number.isNaN)).toBe(false);
      expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
      if (metric !== 'dot') expect(scores.every((score) => Math.abs(score) <= 1)).toBe(true);
    }
    for (const bad of [NaN, Infinity, -Infinity, ...(metric === 'cosine' ? [] : [1e16])]) {
      expect(() => index.add(Float32Array.of(1, bad, 1, 1))).toThrow(EngineError);
      expect(() => index.search(Float32Array.of(1, bad, 1, 1), { k: 1 })).toThrow(EngineError);
    }
    expect(index.size).toBe(7);
  }
});

it('rapid_cycles', () => {
  const { data } = uniform(7, 64, 16);
  const index = create(16);
  const live: number[] = [];
  for (let cycle = 0; cycle < 3000; cycle++) {
    const at = cycle % 64;
    live.push(index.add(data.subarray(at * 16, at * 16 + 16))[0]!);
    if (live.length > 40) expect(index.remove([live.shift()!])).toBe(1);
    if (cycle % 2 === 0) index.buildStep({ maxWork: 50 });
    if (cycle % 5 === 0) index.compact({ maxWork: 50 });
    if (cycle % 10 === 0) {
      const { slots } = index.search(data.subarray(0, 16), { k: 100 });
      expect([...slots].sort((a, b) => a - b)).toEqual([...live].sort((a, b) => a - b));
    }
  }
  index.compact();
  index.compact();
  expect(index).toMatchObject({ size: 40, tombstones: 0 });
  // Freed slots are used again: three thousand additions need no three thousand slots.
  expect(index.slotCount).toBeLessThan(1500);
});

it('compaction_stress', () => {
  const vectors = clustered(8, 2000, 24);
  const index = create(24);
  index.add(vectors.data);
  index.buildStep();
  const memory = index.memoryBytes;
  const live = new Set(slotsWhere(2000, () => true));
  for (let round = 0; round < 9; round++) {
    const gone = [...live].filter((slot) => (slot * 7 + round) % 5 === 0);
    expect(index.remove(gone)).toBe(gone.length);
    gone.forEach((slot) => live.delete(slot));
    while (!index.compact({ maxWork: 20_000 }).done) {
      const { slots } = index.search(row(vectors, round), { k: 20 });
      expect(slots).toHaveLength(20);
      expect([...slots].every((slot) => live.has(slot))).toBe(true);
    }
    expect(index).toMatchObject({ size: live.size, tombstones: 0, slotCount: 2000 });
    const all = index.search(row(vectors, 0), { k: 2000, exact: true }).slots;
    expect(new Set(all)).toEqual(live);
  }
  expect(index.memoryBytes).toBeLessThanOrEqual(memory);
  const lost = [...live].filter(
    (slot) => index.search(row(vectors, slot), { k: 1 }).slots[0] !== slot,
  );
  expect(lost.length).toBeLessThanOrEqual(live.size / 100);
});

it('recall_accuracy', () => {
  for (const [name, vectors] of [
    ['clustered', clustered(9, 4000, 48)],
    ['without structure', uniform(10, 4000, 24)],
  ] as const) {
    for (const metric of metrics) {
      const index = create(vectors.dimensions, { metric });
      index.add(vectors.data);
      index.buildStep();
      const queries = uniform(11, 100, vectors.dimensions);
      const found = slotsWhere(100, () => true).map((at) => {
        const query = row(queries, at).map((c, i) => 0.3 * c + row(vectors, at * 40)[i]!);
        const exact = index.search(query, { k: 10, exact: true });
        return recall(index.search(query, { k: 10, efSearch: 50 }), exact);
      });
      const mean = found.reduce((a, b) => a + b) / found.length;
      expect(mean, `${name}, ${metric}`).toBeGreaterThanOrEqual(0.95);
      index.free();
    }
  }
});

it('k_larger_than_index', () => {
  const { data } = uniform(12, 37, 16);
  for (const exactBelow of [0, 1000]) {
    const index = create(16, { exactBelow, efSearch: 1 });
    index.add(data);
    index.buildStep();
    for (const k of [37, 38, 1000, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const { slots } = index.search(data.subarray(0, 16), { k });
      expect([...slots].sort((a, b) => a - b)).toEqual(slotsWhere(37, () => true));
    }
    index.remove([0, 1, 2]);
    expect(index.search(data.subarray(0, 16), { k: 37 }).slots).toHaveLength(34);
  }
});

it('cosine_metric', () => {
  const vectors = uniform(13, 1000, 24);
  const index = create(24);
  index.add(vectors.data);
  // Of every vector one of another length and the opposite.
  index.add(vectors.data.map((component) => component * 9));
  index.add(vectors.data.map((component) => -component));
  index.buildStep();
  for (let at = 0; at < 1000; at += 20) {
    const { slots, scores } = index.search(row(vectors, at), { k: 2 });
    expect(new Set(slots)).toEqual(new Set([at, 1000 + at]));
    scores.forEach((score) => expect(score).toBeCloseTo(1, 3));
    const all = index.search(row(vectors, at), { k: 3000 });
    expect(all.slots.at(-1)).toBe(2000 + at);
    expect(all.scores.at(-1)).toBeCloseTo(-1, 3);
  }
});

it('idempotent_delete', () => {
  const vectors = clustered(14, 100, 16);
  const index = create(16);
  index.add(vectors.data);
  index.buildStep();
  expect(index.remove([5])).toBe(1);
  const after = index.snapshot();
  for (let again = 0; again < 10; again++) expect(index.remove([5, 5, 100, 4e9])).toBe(0);
  expect(index.snapshot().every((byte, at) => byte === after[at])).toBe(true);
  expect(index).toMatchObject({ size: 99, tombstones: 1 });
  index.compact();
  expect(index.remove([5])).toBe(0);
  expect(index.size).toBe(99);
});

it('sequential_ids', () => {
  const index = create(8);
  const { data } = uniform(15, 2500, 8);
  const given: number[] = [];
  for (const count of [1, 10, 1, 988, 500, 1000]) {
    given.push(...index.add(data.subarray(given.length * 8, (given.length + count) * 8)));
    index.buildStep({ maxWork: 1000 });
  }
  expect(given).toEqual(slotsWhere(2500, () => true));
  expect(index.slotCount).toBe(2500);
  // A removed one leaves a gap; nobody moves up.
  index.remove([3, 1024]);
  index.buildStep();
  index.compact();
  expect([...index.add(data.subarray(0, 24))]).toEqual([3, 1024, 2500]);
});
