import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Index, Metric } from '../js/node.ts';
import { loadEngine } from '../js/node.ts';
import { Random } from './random.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const dimensions = 24;

function filled(count: number, options: { exactBelow?: number; metric?: Metric } = {}): Index {
  const index = engine.createIndex({ dimensions, ...options });
  index.add(new Random(1).floats(count * dimensions));
  index.buildStep();
  return index;
}

describe('scores', () => {
  const vectors = Float32Array.of(1, 0, 0.6, 0.8, 0, 2, -3, 0, 4, 0.1);
  const query = Float32Array.of(2, 0);
  const search = (metric: Metric) => {
    const index = engine.createIndex({ dimensions: 2, metric });
    index.add(vectors);
    return index.search(query, { k: 10 });
  };

  it('under cosine are from 1 for the same direction to -1 for the opposite one', () => {
    const { slots, scores } = search('cosine');
    expect([...slots]).toEqual([0, 4, 1, 2, 3]);
    expect(scores[0]).toBeCloseTo(1, 4);
    expect(scores[2]).toBeCloseTo(0.6, 2);
    expect(scores[3]).toBeCloseTo(0, 4);
    expect(scores[4]).toBeCloseTo(-1, 4);
  });

  it('under dot are inner products', () => {
    const { slots, scores } = search('dot');
    expect([...slots]).toEqual([4, 0, 1, 2, 3]);
    [8, 2, 1.2, 0, -6].forEach((score, at) => expect(scores[at]).toBeCloseTo(score, 1));
  });

  it('under l2 are 1 for no distance and fall towards 0', () => {
    const { slots, scores } = search('l2');
    expect([...slots]).toEqual([0, 1, 4, 2, 3]);
    expect(scores[0]).toBeCloseTo(1 / 2, 2);
    expect(scores[4]).toBeCloseTo(1 / 6, 2);
  });

  it('under cosine do not depend on the length of vectors or queries', () => {
    const unit = engine.createIndex({ dimensions });
    const scaled = engine.createIndex({ dimensions });
    const data = new Random(2).floats(50 * dimensions);
    unit.add(data);
    scaled.add(data.map((component, at) => component * (1 + Math.floor(at / dimensions))));
    const ask = new Random(3).floats(dimensions);
    const expected = unit.search(ask, { k: 50 });
    const found = scaled.search(
      ask.map((component) => component * 1e20),
      { k: 50 },
    );
    expect([...found.slots]).toEqual([...expected.slots]);
    found.scores.forEach((score, at) => expect(score).toBeCloseTo(expected.scores[at]!, 5));
  });

  it('never leave their range, however small or large the numbers', () => {
    for (const metric of ['cosine', 'dot', 'l2'] as const) {
      const index = engine.createIndex({ dimensions: 2, metric });
      for (const size of [1e-45, 1e-40, 1e-20, 1, 1e14]) {
        index.add(Float32Array.of(size, -size));
      }
      if (metric === 'cosine') index.add(Float32Array.of(1e38, -3e38));
      for (const size of [1e-40, 1, 1e15]) {
        const { scores } = index.search(Float32Array.of(size, size / 2), { k: 10 });
        expect(scores).toHaveLength(index.size);
        const [least, most] = { cosine: [-1, 1], dot: [-1e38, 1e38], l2: [0, 1] }[metric] as [
          number,
          number,
        ];
        scores.forEach((score) => expect(score >= least && score <= most).toBe(true));
      }
    }
  });
});

describe('search', () => {
  it('gives min(k, size) results, best first', () => {
    const index = filled(30);
    const query = new Random(4).floats(dimensions);
    for (const [k, count] of [
      [0, 0],
      [1, 1],
      [30, 30],
      [31, 30],
      [2 ** 40, 30],
      [Number.MAX_SAFE_INTEGER, 30],
    ] as const) {
      const { slots, scores } = index.search(query, { k });
      expect(slots).toHaveLength(count);
      expect(scores).toHaveLength(count);
      expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
    }
  });

  it('finds nothing in an empty index', () => {
    const index = engine.createIndex({ dimensions });
    expect(index.search(new Float32Array(dimensions).fill(1), { k: 5 }).slots).toHaveLength(0);
    expect(index.buildStep()).toEqual({ done: true });
    expect(index.compact()).toEqual({ done: true });
    expect(index.add(new Float32Array(0))).toHaveLength(0);
    expect(engine.openIndex(index.snapshot()).size).toBe(0);
  });

  it('sees vectors before, while and after the graph takes them up', () => {
    const index = engine.createIndex({ dimensions, exactBelow: 0 });
    const data = new Random(5).floats(1500 * dimensions);
    index.add(data);
    let steps = 0;
    for (let done = false; !done; steps++) {
      for (const row of [0, 700, 1499]) {
        const query = data.slice(row * dimensions, (row + 1) * dimensions);
        expect([...index.search(query, { k: 1, efSearch: 20 }).slots]).toEqual([row]);
      }
      done = index.buildStep({ maxWork: 20_000 }).done;
    }
    expect(steps).toBeGreaterThan(5);
    expect(index.pending).toBe(0);
  });

  it('gives arrays of their own, which later calls do not change', () => {
    const index = filled(20);
    const query = new Random(6).floats(dimensions);
    const first = index.search(query, { k: 5 });
    const kept = [...first.slots];
    index.add(new Random(7).floats(5000 * dimensions));
    index.search(new Random(8).floats(dimensions), { k: 5 });
    expect([...first.slots]).toEqual(kept);
    expect(first.slots.buffer).not.toBe(first.scores.buffer);
    expect(structuredClone(first, { transfer: [first.slots.buffer] }).slots).toHaveLength(5);
    expect(first.scores).toHaveLength(5);
  });

  it('gives min(k, matches) results under filters of every share', () => {
    const count = 6000;
    const index = filled(count, { exactBelow: 0 });
    const query = new Random(9).floats(dimensions);
    for (const share of [0.5, 0.1, 0.01, 0.001, 0]) {
      const random = new Random(10);
      const filter = new Uint32Array(Math.ceil(count / 32));
      let matches = 0;
      for (let slot = 0; slot < count; slot++) {
        if (Math.abs(random.float()) < share) {
          filter[slot >> 5]! |= 1 << (slot & 31);
          matches++;
        }
      }
      const { slots } = index.search(query, { k: 10, filter });
      expect(slots).toHaveLength(Math.min(10, matches));
      slots.forEach((slot) => expect((filter[slot >> 5]! >>> (slot & 31)) & 1).toBe(1));
    }
    expect(index.search(query, { k: 10, filter: new Uint32Array(0) }).slots).toHaveLength(0);
    const long = new Uint32Array(10_000).fill(0xffff_ffff);
    expect(index.search(query, { k: 10, filter: long }).slots).toHaveLength(10);
  });

  it('finds nearly what the exact scan finds', () => {
    const index = filled(6000, { exactBelow: 0 });
    const random = new Random(11);
    let found = 0;
    for (let round = 0; round < 50; round++) {
      const query = random.floats(dimensions);
      const exact = new Set(index.search(query, { k: 10, exact: true }).slots);
      const before = index.evaluations;
      const { slots } = index.search(query, { k: 10 });
      expect(index.evaluations - before).toBeLessThan(3000);
      found += slots.filter((slot) => exact.has(slot)).length;
    }
    expect(found / 500).toBeGreaterThan(0.95);
  });
});

describe('removal and compaction', () => {
  it('keep the slots of what stays, and give free ones to what comes', () => {
    const index = filled(1200, { exactBelow: 0 });
    const gone = Array.from({ length: 600 }, (_, at) => at * 2);
    expect(index.remove(gone)).toBe(600);
    expect(index.remove(gone)).toBe(0);
    expect(index.remove([5000, 2 ** 32, 2 ** 50])).toBe(0);
    expect([index.size, index.tombstones]).toEqual([600, 600]);

    const vector = index.vector(601);
    const query = new Random(12).floats(dimensions);
    const before = index.search(query, { k: 20, exact: true });
    expect(before.slots.every((slot) => slot % 2 === 1)).toBe(true);
    let steps = 1;
    while (!index.compact({ maxWork: 5000 }).done) {
      steps++;
      expect(index.search(query, { k: 20, exact: true })).toEqual(before);
    }
    expect(steps).toBeGreaterThan(3);
    expect([index.size, index.tombstones, index.slotCount]).toEqual([600, 0, 1200]);
    expect(index.search(query, { k: 20, exact: true })).toEqual(before);
    expect(index.vector(601)).toEqual(vector);
    expect(index.vector(600)).toBeUndefined();
    expect([...index.add(new Random(13).floats(3 * dimensions))]).toEqual([0, 2, 4]);
  });

  it('leave nothing of a removed vector in a snapshot', () => {
    const index = engine.createIndex({ dimensions, exactBelow: 0 });
    index.add(new Random(14).floats(200 * dimensions));
    index.buildStep();
    const telling = new Float32Array(dimensions).map((_, at) => (at % 2 ? 1 : -0.99));
    const [slot] = index.add(telling);
    // -126 and 127; codes of even dimensions are stored 128 larger.
    const holds = () => Buffer.from(index.snapshot()).includes(Buffer.of(0x02, 0x7f, 0x02, 0x7f));
    expect(holds()).toBe(true);
    index.buildStep();
    index.remove([slot!]);
    index.compact();
    expect(holds()).toBe(false);
  });
});

describe('snapshots', () => {
  it('restore an index that goes on in the same way', () => {
    const index = filled(800, { exactBelow: 0 });
    index.remove([1, 2, 3]);
    index.add(new Random(15).floats(10 * dimensions));
    const bytes = index.snapshot();
    const opened = engine.openIndex(bytes);
    const state = (i: Index) => [i.size, i.slotCount, i.pending, i.tombstones, i.metric];
    expect(state(opened)).toEqual(state(index));
    for (const one of [index, opened]) {
      one.buildStep();
      one.compact();
      one.add(new Random(16).floats(10 * dimensions));
    }
    expect(Buffer.compare(opened.snapshot(), index.snapshot())).toBe(0);
  });

  it('are read where they lie: in a part of a buffer, in a Buffer of Node', () => {
    const bytes = filled(10).snapshot();
    const padded = new Uint8Array(bytes.length + 20);
    padded.set(bytes, 7);
    expect(engine.openIndex(padded.subarray(7, 7 + bytes.length)).size).toBe(10);
    expect(engine.openIndex(Buffer.from(bytes)).size).toBe(10);
    expect(bytes).toEqual(filled(10).snapshot());
  });

  it('are refused when any byte differs', () => {
    const bytes = filled(20).snapshot();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << (at % 8);
      expect(() => engine.openIndex(damaged)).toThrow(expect.objectContaining({ code: 'corrupt' }));
    }
    expect(engine.openIndex(bytes).size).toBe(20);
  });
});

describe('memory', () => {
  it('is given back by free, and not needed twice for a batch', () => {
    const before = engine.memoryBytes;
    for (let round = 0; round < 20; round++) {
      const index = engine.createIndex({ dimensions: 256, capacity: 20_000 });
      expect(index.memoryBytes).toBeGreaterThan(20_000 * (256 + 128));
      index.free();
    }
    expect(engine.memoryBytes - before).toBeLessThan(16 * 2 ** 20);
  });

  it('keeps indexes apart', () => {
    const [first, second] = [filled(10), filled(20)];
    first.free();
    expect(second.size).toBe(20);
  });
});
