// What other vector indexes for browsers were seen to get wrong, asked of this one.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Index, IndexOptions, Metric } from '../js/node.ts';
import { EngineError, loadEngine } from '../js/node.ts';
import type { Vectors } from './vectors.ts';
import { clustered, filterOf, recall, row, similarity, slotsWhere, uniform } from './vectors.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const metrics: Metric[] = ['cosine', 'dot', 'l2'];

/** An index whose graph is complete. */
function built(vectors: Vectors, options: Partial<IndexOptions> = {}): Index {
  const index = engine.createIndex({
    dimensions: vectors.dimensions,
    exactBelow: 0,
    ...options,
  });
  index.add(vectors.data);
  expect(index.buildStep()).toEqual({ done: true });
  return index;
}

/** Whether two snapshots are the same: `toEqual` takes seconds for so many numbers. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Every live slot with its score. */
function everything(index: Index, query: Float32Array): Map<number, number> {
  const { slots, scores } = index.search(query, { k: index.size, exact: true });
  return new Map([...slots].map((slot, at) => [slot, scores[at]!]));
}

describe('rank order', () => {
  const turned = [0, 20, 45, 90, 135, 180].map((degrees) => (degrees * Math.PI) / 180);
  const circle = Float32Array.from(turned.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));

  it.each(metrics)('under %s is nearest first, and the opposite vector comes last', (metric) => {
    const index = engine.createIndex({ dimensions: 2, metric });
    // From the farthest to the nearest, so that the order of adding gives nothing away.
    for (let at = turned.length - 1; at >= 0; at--) index.add(circle.slice(2 * at, 2 * at + 2));
    const { slots, scores } = index.search(Float32Array.of(1, 0), { k: 6 });
    expect([...slots]).toEqual([5, 4, 3, 2, 1, 0]);
    expect(scores[0]).toBeGreaterThan(scores[5]!);
  });

  it.each(metrics)('under %s is kept by the graph: the farthest is never returned', (metric) => {
    const vectors = uniform(1, 2000, 32);
    const index = built(vectors, { metric });
    const expected = slotsWhere(2000, () => true).map((slot) => ({
      slot,
      score: similarity(metric, row(vectors, 77), row(vectors, slot)),
    }));
    expected.sort((a, b) => b.score - a.score);
    const { slots, scores } = index.search(row(vectors, 77), { k: 10, efSearch: 60 });
    const nearest = expected.slice(0, 20).map(({ slot }) => slot);
    expect([...slots].every((slot) => nearest.includes(slot))).toBe(true);
    scores.forEach((score, at) => {
      const exact = similarity(metric, row(vectors, 77), row(vectors, slots[at]!));
      expect(Math.abs(score - exact)).toBeLessThan(metric === 'dot' ? 0.2 : 0.02);
    });
  });

  it('under cosine is the same for unnormalised and normalised vectors', () => {
    const vectors = uniform(2, 2000, 32);
    const length = (at: number) => Math.hypot(...row(vectors, Math.floor(at / 32)));
    const normalised = { ...vectors, data: vectors.data.map((c, at) => c / length(at)) };
    const stretched = { ...vectors, data: vectors.data.map((c, at) => c * (1 + (at >> 5))) };
    const results = [vectors, normalised, stretched].map((data) => {
      const index = built(data);
      return [...Array(20).keys()].map((at) => index.search(row(vectors, at), { k: 10 }).scores);
    });
    for (const others of results.slice(1)) {
      others.forEach((scores, query) =>
        scores.forEach((score, at) => expect(score).toBeCloseTo(results[0]![query]![at]!, 3)),
      );
    }
  });
});

describe('numbers of vectors', () => {
  it('stay what they are over two compactions and one that was abandoned half way', () => {
    const vectors = clustered(3, 1500, 24);
    const index = built(vectors);
    const notes = new Map(slotsWhere(1500, () => true).map((slot) => [slot, `note ${slot}`]));
    const query = row(vectors, 0);
    const before = everything(index, query);
    const check = () => {
      const now = everything(index, query);
      expect([...now.keys()].sort((a, b) => a - b)).toEqual(
        [...notes.keys()].sort((a, b) => a - b),
      );
      expect([...now].filter(([slot, score]) => score !== before.get(slot))).toEqual([]);
    };
    const remove = (wanted: (slot: number) => boolean) => {
      const slots = [...notes.keys()].filter(wanted);
      expect(index.remove(slots)).toBe(slots.length);
      slots.forEach((slot) => notes.delete(slot));
    };
    remove((slot) => slot % 3 === 0);
    check();
    expect(index.compact()).toEqual({ done: true });
    check();
    remove((slot) => slot % 3 === 1);
    expect(index.compact({ maxWork: 2000 })).toEqual({ done: false }); // and nobody comes back
    check();
    remove((slot) => slot % 7 === 2);
    check();
    const reopened = engine.openIndex(index.snapshot());
    expect(everything(reopened, query)).toEqual(everything(index, query));
    while (!index.compact({ maxWork: 5000 }).done) check();
    index.compact();
    expect(index.tombstones).toBe(0);
    check();
    expect(index.search(row(vectors, 5), { k: 1 }).slots[0]).toBe(5);
  });

  it('are not handed to a new vector while the old one lives', () => {
    const vectors = clustered(4, 600, 24);
    const index = built(vectors);
    index.remove(slotsWhere(600, (slot) => slot % 2 === 0));
    index.compact();
    const slots = index.add(row(vectors, 0));
    expect(slots[0]! % 2).toBe(0);
    expect(index.search(row(vectors, 1), { k: 1 }).slots[0]).toBe(1);
    expect(new Set([...index.add(clustered(5, 700, 24).data), ...slots]).size).toBe(701);
    expect(index.size).toBe(1001);
  });

  it('cost no more memory after compaction: codes stay codes', () => {
    const index = built(clustered(6, 3000, 64));
    const before = index.memoryBytes;
    index.remove(slotsWhere(3000, (slot) => slot % 2 === 1));
    index.compact();
    expect(index.memoryBytes).toBeLessThanOrEqual(before);
  });
});

describe('filters', () => {
  it.each([
    ['1 %', 100],
    ['0.1 %', 1000],
    ['one row', 5000],
  ])('that pass %s give min(k, matches), all of them exact', (_, oneIn) => {
    const vectors = uniform(7, 5000, 32);
    const index = built(vectors);
    for (let query = 0; query < 20; query++) {
      const matches = slotsWhere(5000, (slot) => slot % oneIn === query % oneIn);
      const options = { k: 10, filter: filterOf(matches, 5000) };
      const found = index.search(row(vectors, query + 40), options);
      expect(found.slots).toHaveLength(Math.min(10, matches.length));
      const exact = index.search(row(vectors, query + 40), { ...options, exact: true });
      expect([...found.slots]).toEqual([...exact.slots]);
    }
  });

  it('give what matches far away from the query too', () => {
    const vectors = clustered(8, 4000, 32);
    const index = built(vectors);
    const query = row(vectors, 0);
    const all = [...index.search(query, { k: 4000, exact: true }).slots];
    for (const share of [0.5, 0.1, 0.01, 0.001]) {
      const filter = filterOf(all.slice(-4000 * share), 4000);
      const found = index.search(query, { k: 10, filter });
      const exact = index.search(query, { k: 10, filter, exact: true });
      expect(found.slots).toHaveLength(Math.min(10, 4000 * share));
      expect(recall(found, exact)).toBeGreaterThanOrEqual(0.9);
    }
  });
});

describe('bad input', () => {
  it('is refused, and leaves the index as it was and able to go on', () => {
    for (const metric of metrics) {
      const vectors = clustered(9, 300, 24);
      const index = built(vectors, { metric });
      const before = index.snapshot();
      const bad = [NaN, Infinity, -Infinity].flatMap((component) =>
        [0, 11, 23].map((at) => row(vectors, 0).map((c, i) => (i === at ? component : c))),
      );
      bad.push(new Float32Array(23).fill(1), new Float32Array(25).fill(1));
      if (metric === 'cosine') bad.push(new Float32Array(24));
      else bad.push(new Float32Array(24).fill(1e38));
      for (const vector of bad) {
        expect(() => index.add(vector)).toThrow(EngineError);
        expect(() => index.search(vector, { k: 5 })).toThrow(EngineError);
        if (vector.length !== 24) continue;
        // In the middle of a batch it takes the good ones with it.
        const batch = Float32Array.of(...row(vectors, 1), ...vector, ...row(vectors, 2));
        expect(() => index.add(batch)).toThrow(EngineError);
      }
      expect(index.size).toBe(300);
      expect(same(index.snapshot(), before)).toBe(true);
      expect(index.search(row(vectors, 7), { k: 1 }).slots[0]).toBe(7);
      expect([...index.add(row(vectors, 7))]).toEqual([300]);
    }
  });

  it('does not hide good vectors: every tenth was refused, all others are found', () => {
    const vectors = uniform(10, 450, 16);
    const index = engine.createIndex({ dimensions: 16, exactBelow: 0, efSearch: 20 });
    for (let at = 0; at < 450; at++) {
      const vector = at % 10 === 3 ? row(vectors, at).fill(NaN) : row(vectors, at);
      if (at % 10 === 3) expect(() => index.add(vector)).toThrow(EngineError);
      else index.add(vector);
      index.buildStep();
    }
    const good = slotsWhere(450, (at) => at % 10 !== 3);
    expect(index.size).toBe(good.length);
    good.forEach((at, slot) =>
      expect(index.search(row(vectors, at), { k: 1 }).slots[0]).toBe(slot),
    );
  });

  it('of any kind for k has an answer: 0, more than there are, -1, an empty index', () => {
    const vectors = uniform(11, 30, 8);
    const index = built(vectors);
    const query = row(vectors, 0);
    expect(index.search(query, { k: 0 }).slots).toHaveLength(0);
    expect(index.search(query, { k: 31 }).slots).toHaveLength(30);
    expect(index.search(query, { k: 1e9, efSearch: 1 }).slots).toHaveLength(30);
    for (const k of [-1, NaN, Infinity, 0.5]) {
      expect(() => index.search(query, { k })).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      );
    }
    expect(index.search(query, { k: 1 }).slots[0]).toBe(0);
    const empty = engine.createIndex({ dimensions: 8 });
    for (const k of [0, 1, 1e9]) expect(empty.search(query, { k }).slots).toHaveLength(0);
    expect(empty.compact()).toEqual({ done: true });
    expect(empty.buildStep()).toEqual({ done: true });
    expect(empty.remove([0, 1])).toBe(0);
  });
});

describe('long vectors', () => {
  it.each([768, 769, 1536, 4095, 4096])('of %i dimensions count to the last one', (dimensions) => {
    for (const metric of metrics) {
      const index = engine.createIndex({ dimensions, metric });
      const vector = new Float32Array(dimensions).fill(0.1);
      const [up, down] = [vector.slice(), vector.slice()];
      up[dimensions - 1] = 5;
      down[dimensions - 1] = -5;
      index.add(down);
      index.add(vector);
      index.add(up);
      expect([...index.search(up, { k: 3 }).slots]).toEqual([2, 1, 0]);
      expect([...index.search(down, { k: 3 }).slots]).toEqual([0, 1, 2]);
      expect(index.vector(2)).toHaveLength(dimensions);
      expect(index.vector(2)!.at(-1)).toBeGreaterThan(0.5);
      index.free();
    }
  });

  it('beyond the limit are refused, not cut', () => {
    expect(() => engine.createIndex({ dimensions: 4097 })).toThrow(EngineError);
  });
});

describe('equal vectors', () => {
  it('are vectors of their own: without one of two, the other is found', () => {
    const vectors = clustered(12, 500, 24);
    const index = built(vectors, { efSearch: 20 });
    const twins = index.add(vectors.data);
    index.buildStep();
    index.remove(slotsWhere(500, () => true));
    for (const state of ['removed', 'compacted']) {
      const lost = slotsWhere(500, (at) => {
        const { slots } = index.search(row(vectors, at), { k: 1 });
        return slots[0] !== twins[at];
      });
      expect(lost, state).toEqual([]);
      index.compact();
    }
  });

  it.each(metrics)('do not bury others under %s: 2,000 copies, then 200 to be found', (metric) => {
    const vectors = uniform(13, 201, 32);
    const index = engine.createIndex({ dimensions: 32, metric, exactBelow: 0 });
    for (let batch = 0; batch < 20; batch++) {
      index.add(Float32Array.from({ length: 100 * 32 }, (_, at) => vectors.data[at % 32]!));
      index.buildStep();
    }
    for (let at = 1; at <= 200; at++) {
      index.add(row(vectors, at));
      index.buildStep();
    }
    const lost = slotsWhere(201, (at) => {
      const found = index.search(row(vectors, at), { k: 1, efSearch: 64 });
      const exact = index.search(row(vectors, at), { k: 1, exact: true });
      return at > 0 && found.slots[0] !== exact.slots[0];
    });
    expect(lost).toEqual([]);
    expect(index.search(row(vectors, 0), { k: 2200 }).slots).toHaveLength(2200);
  });
});

describe('removal', () => {
  it('of the 50 nearest leaves a full answer from those that remain', () => {
    const vectors = uniform(14, 3000, 32);
    const index = built(vectors, { efSearch: 10 });
    let recalled = 0;
    for (let query = 0; query < 20; query++) {
      const nearest = index.search(row(vectors, query), { k: 50, exact: true });
      expect(index.remove(nearest.slots)).toBe(50);
      const found = index.search(row(vectors, query), { k: 10, efSearch: 40 });
      expect(found.slots).toHaveLength(10);
      expect(index.search(row(vectors, query), { k: 10 }).slots).toHaveLength(10);
      expect([...found.slots].some((slot) => nearest.slots.includes(slot))).toBe(false);
      recalled += recall(found, index.search(row(vectors, query), { k: 10, exact: true }));
    }
    expect(recalled / 20).toBeGreaterThanOrEqual(0.95);
  });

  it('is counted once, and of unknown slots not at all', () => {
    const index = built(uniform(15, 50, 8));
    expect(index.remove([3, 3, 4])).toBe(2);
    expect(index.remove([3, 4, 50, 4e9])).toBe(0);
    expect(index.size).toBe(48);
  });

  it.each([
    ['without compaction', 0],
    ['with compaction between', 50],
    ['with compaction under way all the time', 1],
  ])('of a document replaced 1,000 times never loses it, %s', (_, every) => {
    const vectors = clustered(16, 1500, 32);
    const index = built(vectors, { efSearch: 32 });
    const note = row(vectors, 700).slice();
    const noise = uniform(17, 1000, 32);
    let slot = 700;
    const around = [...index.search(note, { k: 20, exact: true }).slots].filter((s) => s !== 700);
    for (let round = 1; round <= 1000; round++) {
      note.forEach((component, at) => (note[at] = component + 0.003 * row(noise, round - 1)[at]!));
      const added = index.add(note)[0]!;
      expect(index.remove([slot])).toBe(1);
      slot = added;
      index.buildStep();
      const found = index.search(note, { k: 10 });
      expect(found.slots[0]).toBe(slot);
      expect(found.slots).toHaveLength(10);
      if (every > 1 && round % every === 0) index.compact();
      if (every === 1) index.compact({ maxWork: 100 });
    }
    expect(index.size).toBe(1500);
    const recalled = around.map((neighbour) =>
      recall(
        index.search(row(vectors, neighbour), { k: 10 }),
        index.search(row(vectors, neighbour), { k: 10, exact: true }),
      ),
    );
    expect(recalled.reduce((a, b) => a + b) / recalled.length).toBeGreaterThanOrEqual(0.95);
  });
});

describe('snapshots', () => {
  it.each(metrics)('bring back an index with removed vectors under %s', (metric) => {
    const vectors = clustered(18, 1200, 40);
    for (const exactBelow of [0, 5000]) {
      const index = built(vectors, { metric, exactBelow });
      index.remove(slotsWhere(1200, (slot) => slot % 4 === 0));
      index.compact({ maxWork: 3000 });
      index.remove(slotsWhere(1200, (slot) => slot % 4 === 1));
      const opened = engine.openIndex(index.snapshot());
      expect(opened).toMatchObject({ size: 600, slotCount: 1200, metric, dimensions: 40 });
      for (let at = 0; at < 50; at++) {
        const query = row(vectors, at * 20);
        expect(opened.search(query, { k: 10 })).toEqual(index.search(query, { k: 10 }));
      }
      for (const each of [index, opened]) {
        each.add(clustered(19, 100, 40).data);
        each.compact();
        each.buildStep();
      }
      expect(same(opened.snapshot(), index.snapshot())).toBe(true);
    }
  });

  it('that do not exist are an error, after which saving and opening work', () => {
    expect(() => engine.openIndex(new Uint8Array(0))).toThrow(
      expect.objectContaining({ code: 'corrupt' }),
    );
    const index = built(uniform(20, 10, 8));
    expect(engine.openIndex(index.snapshot()).size).toBe(10);
  });

  it('are whole: taken in one go, at one moment, and in memory of their own', async () => {
    const vectors = uniform(21, 400, 16);
    const index = engine.createIndex({ dimensions: 16, exactBelow: 0 });
    const taken: [Uint8Array, number][] = [];
    let waiting = 0;
    for (let at = 0; at < 400; at++) {
      index.add(row(vectors, at));
      if (at % 3 === 0) index.buildStep({ maxWork: 500 });
      if (at % 5 === 0) index.remove([at]);
      if (at % 20 === 0) {
        // A write that waits for its turn gets it after the snapshot, never in the middle.
        void Promise.resolve().then(() => index.remove([at + 1 - (waiting += 1)]));
        const before = waiting;
        taken.push([index.snapshot(), index.size]);
        expect(waiting).toBe(before);
        await Promise.resolve();
        expect(waiting).toBe(before + 1);
      }
    }
    for (const [bytes, size] of taken) {
      const opened = engine.openIndex(bytes);
      expect(opened.size).toBe(size);
      opened.free();
    }
    // Gone with its buffer, a snapshot takes nothing of the index along.
    const bytes = index.snapshot();
    const copy = bytes.slice();
    const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
    expect(same(moved, copy)).toBe(true);
    expect(same(index.snapshot(), copy)).toBe(true);
  });

  it('are the same when nothing happened in between, and do not grow', () => {
    const index = built(uniform(22, 300, 16));
    const first = index.snapshot();
    expect(same(index.snapshot(), first)).toBe(true);
    expect(same(engine.openIndex(first).snapshot(), first)).toBe(true);
  });

  it('of two indexes side by side hold nothing of the other', () => {
    const [first, second] = [built(uniform(23, 100, 8)), built(uniform(24, 70, 8))];
    first.remove(slotsWhere(100, () => true));
    expect(engine.openIndex(second.snapshot()).size).toBe(70);
    expect(engine.openIndex(first.snapshot()).size).toBe(0);
  });
});

describe('recursive use of an object', () => {
  // EdgeVec's instance is dead after it. Here whatever is passed is read before the engine is called.
  it('does not come of arguments that use the index while they are read', () => {
    const vectors = uniform(25, 100, 8);
    const index = built(vectors);
    const query = row(vectors, 1);
    const meddle = () => {
      index.add(query);
      index.search(query, { k: 3 });
      index.remove([index.slotCount - 1]);
      index.snapshot();
    };
    index.remove({
      length: 1,
      get 0() {
        meddle();
        return 99;
      },
    });
    index.search(query, {
      get k() {
        meddle();
        return 2;
      },
    });
    index.buildStep({
      get maxWork() {
        meddle();
        return 10;
      },
    });
    class Meddling extends Uint32Array {
      override subarray(begin?: number, end?: number) {
        meddle();
        return super.subarray(begin, end);
      }
    }
    const filter = new Meddling(8).fill(0xffff_ffff);
    expect(index.search(query, { k: 2, filter }).slots).toHaveLength(2);
    class Longer extends Float32Array {
      override get length() {
        return 8;
      }
    }
    expect(() => index.search(new Longer(100_000).fill(1), { k: 1 })).toThrow(
      expect.objectContaining({ code: 'dimension-mismatch' }),
    );
    class MeddlingFloats extends Float32Array {
      override subarray(begin?: number, end?: number) {
        meddle();
        return super.subarray(begin, end);
      }
    }
    expect(index.add(new MeddlingFloats(8).fill(1))).toHaveLength(1);
    class MeddlingBytes extends Uint8Array {
      override subarray(begin?: number, end?: number) {
        meddle();
        return super.subarray(begin, end);
      }
    }
    const meddling = (plain: Uint8Array) => {
      const bytes = new MeddlingBytes(plain.length);
      bytes.set(plain);
      return bytes;
    };
    const snapshot = index.snapshot();
    expect(same(engine.openIndex(meddling(snapshot)).snapshot(), snapshot)).toBe(true);
    const { manifest, chunks } = index.snapshotChanges();
    const opening = engine.beginOpen(meddling(manifest));
    for (const chunk of chunks) opening.put(meddling(chunk.read()));
    const opened = opening.finish();
    expect(same(opened.snapshot(), snapshot)).toBe(true);
    expect(opened.snapshotChanges(meddling(manifest)).chunks).toHaveLength(0);
    const gone = new Float32Array(8);
    structuredClone(gone, { transfer: [gone.buffer] });
    expect(index.add(gone)).toHaveLength(0);
    expect(index.search(query, { k: 1 }).slots[0]).toBe(1);
  });

  it('does not come of errors: after a hundred of them the index goes on', () => {
    const vectors = uniform(26, 100, 8);
    const index = built(vectors);
    const wrong = [
      () => index.add(new Float32Array(8).fill(NaN)),
      () => index.search(new Float32Array(9), { k: 1 }),
      () => index.search(new Float32Array(8), { k: 1 }),
      () => index.search(row(vectors, 0), { k: -1 }),
      () => index.remove([-1]),
      () => index.compact({ maxWork: 0 }),
      () => engine.openIndex(new Uint8Array(100)),
      () => engine.createIndex({ dimensions: 4096, capacity: 2 ** 30 }),
    ];
    for (let round = 0; round < 100; round++) {
      const error = (() => {
        try {
          wrong[round % wrong.length]!();
        } catch (thrown) {
          return thrown;
        }
        throw new Error('it was not refused');
      })();
      expect(error).toBeInstanceOf(EngineError);
      expect((error as EngineError).code).not.toBe('closed');
      expect((error as EngineError).message).not.toMatch(/recursive|unreachable|unsafe/i);
      expect(index.search(row(vectors, round), { k: 1 }).slots[0]).toBe(round);
    }
  });
});
