import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineErrorCode, Index, Metric, SearchOptions } from '../js/node.ts';
import { EngineError, loadEngine } from '../js/node.ts';
import { Random } from './random.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const dimensions = 24;
const metrics: readonly Metric[] = ['cosine', 'dot', 'l2'];

function filled(
  count: number,
  metric: Metric,
  exactBelow = 0,
): { index: Index; data: Float32Array } {
  const index = engine.createIndex({ dimensions, metric, exactBelow });
  const data = new Random(31).floats(count * dimensions);
  index.add(data);
  index.buildStep();
  return { index, data };
}

/** Large enough that walking pays. */
let kept: Index | undefined;
const large = () => (kept ??= filled(6_000, 'cosine').index);

function similarity(metric: Metric, a: Float32Array, b: Float32Array): number {
  const inner = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, component, at) => sum + component * y[at]!, 0);
  if (metric === 'dot') return inner(a, b);
  if (metric === 'cosine') return inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b));
  return 1 / (1 + Math.hypot(...a.map((component, at) => component - b[at]!)));
}

/** Maximal marginal relevance by its definition, over what the index holds. */
function marginal(index: Index, pool: [number, number][], k: number, diversity: number): number[] {
  const { metric } = index;
  const likeness = metric === 'dot' ? 'cosine' : metric;
  const unit = metric === 'dot' ? Math.max(...pool.map(([, score]) => Math.abs(score))) : 1;
  const chosen: number[] = [];
  while (chosen.length < Math.min(k, pool.length)) {
    const values = pool.map(([slot, score]) => {
      if (chosen.includes(slot)) return -Infinity;
      const alike = chosen.map((other) =>
        similarity(likeness, index.vector(slot)!, index.vector(other)!),
      );
      const most = alike.length === 0 ? 0 : Math.max(...alike);
      return ((1 - diversity) * score) / unit - diversity * most;
    });
    chosen.push(pool[values.indexOf(Math.max(...values))]![0]);
  }
  return chosen;
}

const pairs = ({ slots, scores }: { slots: Uint32Array; scores: Float32Array }) =>
  [...slots].map((slot, at): [number, number] => [slot, scores[at]!]);

describe('minScore', () => {
  it.each(metrics)('gives what scores enough and nothing else: %s', (metric) => {
    const { index, data } = filled(3000, metric, 10_000);
    const query = new Random(32).floats(dimensions);
    const all = index.search(query, { k: index.size });
    for (const wanted of [0, 1, 12, 1023, 1024, 1025, 2999]) {
      const minScore = all.scores[wanted - 1] ?? all.scores[0]! + 1e-3;
      if (minScore > 1 && metric !== 'dot') continue;
      const found = index.search(query, { k: index.size, minScore });
      expect(pairs(found)).toEqual(pairs(all).filter(([, score]) => score >= minScore));
      expect(index.search(query, { k: 5, minScore }).slots).toEqual(found.slots.slice(0, 5));
    }
    // Against the vectors as they were given: all that clearly score enough, none that clearly do
    // not.
    const truth = Array.from({ length: 3000 }, (_, row) =>
      similarity(metric, query, data.subarray(row * dimensions, (row + 1) * dimensions)),
    );
    const minScore = [...truth].sort((a, b) => b - a)[100]!;
    const margin = metric === 'dot' ? 0.05 : 0.01;
    const found = new Set(index.search(query, { k: index.size, minScore }).slots);
    truth.forEach((score, slot) => {
      if (score > minScore + margin) expect(found.has(slot)).toBe(true);
      if (score < minScore - margin) expect(found.has(slot)).toBe(false);
    });
  });

  it('is compared with the number that is returned, not with a rounded one', () => {
    const { index, data } = filled(50, 'cosine');
    const { scores } = index.search(data.slice(0, dimensions), { k: 50 });
    for (const score of scores.slice(0, 20)) {
      const count = (minScore: number) =>
        index.search(data.slice(0, dimensions), { k: 50, minScore }).slots.length;
      expect(count(score)).toBe(scores.filter((other) => other >= score).length);
      // A double between two floats.
      expect(count(score * (1 + 1e-12))).toBe(scores.filter((other) => other > score).length);
    }
  });

  it('goes on past efSearch in the graph', () => {
    const index = large();
    const random = new Random(33);
    let [found, wanted] = [0, 0];
    for (let round = 0; round < 10; round++) {
      const query = random.floats(dimensions);
      const exact = index.search(query, { k: 20, exact: true });
      const minScore = exact.scores[19]!;
      const { slots, scores, plan } = index.search(query, { k: 1000, efSearch: 16, minScore });
      expect(plan).toBe('walk');
      expect(scores.every((score) => score >= minScore)).toBe(true);
      found += slots.filter((slot) => exact.slots.includes(slot)).length;
      wanted += 20;
    }
    expect(found / wanted).toBeGreaterThan(0.95);
  });

  it('a vector meets 0.999 with itself', () => {
    const { index, data } = filled(200, 'cosine');
    for (let slot = 0; slot < 200; slot++) {
      const query = data.slice(slot * dimensions, (slot + 1) * dimensions);
      expect(index.search(query, { k: 1, minScore: 0.999 }).slots).toEqual(Uint32Array.of(slot));
    }
  });
});

describe('diversity', () => {
  it.each(metrics)('is maximal marginal relevance: %s', (metric) => {
    const { index } = filled(400, metric, 10_000);
    const random = new Random(34);
    for (const diversity of [0.1, 0.5, 0.9, 1]) {
      for (const fetchK of [undefined, 3, 33]) {
        const query = random.floats(dimensions);
        const pool = pairs(index.search(query, { k: Math.max(8, fetchK ?? 32) }));
        const found = index.search(query, { k: 8, diversity, fetchK });
        expect([...found.slots]).toEqual(marginal(index, pool, 8, diversity));
        expect(pairs(found).every(([slot, score]) => score === new Map(pool).get(slot))).toBe(true);
      }
    }
  });

  it('changes nothing at 0', () => {
    const { index } = filled(400, 'cosine');
    const query = new Random(35).floats(dimensions);
    const plain = index.search(query, { k: 10 });
    expect(index.search(query, { k: 10, diversity: 0, fetchK: 400 })).toEqual(plain);
  });
});

describe('searchMany', () => {
  it('gives what single searches give, however many there are', () => {
    const { index } = filled(3000, 'cosine');
    const filter = new Uint32Array(94).fill(0x7777_7777);
    const queries = new Random(36).floats(1500 * dimensions);
    const settings: SearchOptions[] = [
      { k: 10 },
      { k: 3, filter, minScore: 0.4 },
      { k: 5, diversity: 0.5, exact: true },
      { k: 0 },
    ];
    for (const options of settings) {
      const found = index.searchMany(queries, options);
      expect(found.offsets).toHaveLength(1501);
      expect(found.evaluations).toHaveLength(1500);
      expect(found.offsets.at(-1)).toBe(found.slots.length);
      expect(found.scores).toHaveLength(found.slots.length);
      for (let row = 0; row < 1500; row += 37) {
        const query = queries.slice(row * dimensions, (row + 1) * dimensions);
        const alone = index.search(query, options);
        const [start, end] = [found.offsets[row], found.offsets[row + 1]];
        expect(found.slots.slice(start, end)).toEqual(alone.slots);
        expect(found.scores.slice(start, end)).toEqual(alone.scores);
        expect(found.evaluations[row]).toBe(alone.evaluations);
      }
    }
    expect(index.searchMany(new Float32Array(0), { k: 10 })).toEqual({
      offsets: Uint32Array.of(0),
      slots: new Uint32Array(0),
      scores: new Float32Array(0),
      evaluations: new Uint32Array(0),
    });
  });

  it('takes little memory of the module, and no more the second time', () => {
    const { index } = filled(2000, 'cosine', 10_000);
    const queries = new Random(37).floats(1000 * dimensions);
    const before = engine.memoryBytes;
    index.searchMany(queries, { k: 50 });
    const once = engine.memoryBytes;
    expect(once - before).toBeLessThan(1_000_000);
    for (let round = 0; round < 5; round++) index.searchMany(queries, { k: 50 });
    expect(engine.memoryBytes).toBe(once);
  });

  it('names a query that cannot be asked', () => {
    const { index } = filled(10, 'cosine');
    const queries = new Random(38).floats(700 * dimensions);
    queries[600 * dimensions + 3] = NaN;
    expect(() => index.searchMany(queries, { k: 1 })).toThrow(/Component 3 of vector 600 /);
  });
});

describe('what a search took', () => {
  it('is in its result', () => {
    const index = large();
    const query = new Random(39).floats(dimensions);
    const before = index.evaluations;
    const walked = index.search(query, { k: 10 });
    expect(walked.plan).toBe('walk');
    expect(walked.evaluations).toBe(index.evaluations - before);
    const scanned = index.search(query, { k: 10, exact: true });
    expect([scanned.plan, scanned.evaluations]).toEqual(['scan', 6_000]);
    const filter = Uint32Array.of(0b1_0110);
    expect(index.search(query, { k: 10, filter }).evaluations).toBe(3);
  });

  it('is in the statistics of the index', () => {
    const index = engine.createIndex({ dimensions, exactBelow: 0, m: 8, efConstruction: 40 });
    const empty = index.statistics();
    expect([empty.levels, empty.entryLevel, empty.meanLinks]).toEqual([[], undefined, 0]);
    index.add(new Random(40).floats(3000 * dimensions));
    expect(index.statistics().pending).toBe(3000);
    index.buildStep();
    index.remove([5, 6]);
    const { levels, entryLevel, meanLinks, memory, ...rest } = index.statistics();
    expect(rest).toEqual({
      size: 2998,
      slotCount: 3000,
      pending: 0,
      tombstones: 2,
      m: 8,
      efConstruction: 40,
      efSearch: 64,
      exactBelow: 0,
      memoryBytes: index.memoryBytes,
    });
    expect(levels[0]).toBe(3000);
    expect(levels[1]! / 3000).toBeCloseTo(1 / 8, 1);
    expect(entryLevel).toBe(levels.length - 1);
    expect(meanLinks).toBeGreaterThan(6);
    expect(meanLinks).toBeLessThanOrEqual(16);
    const parts = Object.values(memory);
    expect(parts.reduce((sum, bytes) => sum + bytes, 0)).toBe(index.memoryBytes);
    expect(Math.min(...parts)).toBeGreaterThan(300);
  });
});

describe('what cannot be answered is refused by name', () => {
  const any = (value: unknown) => value as never;
  const named = (options: object) =>
    Object.entries(options).map(([name, value]) => `${name} of ${String(value)}`);
  const refused: [string, EngineErrorCode, (index: Index, query: Float32Array) => unknown][] = [
    ...(
      [
        { minScore: NaN },
        { minScore: Infinity },
        { minScore: 80 },
        { minScore: 1.001 },
        { minScore: any('0.5') },
        { minScore: any(null) },
        { diversity: 2 },
        { diversity: -0.1 },
        { diversity: NaN },
        { diversity: any(true) },
        { fetchK: 0 },
        { fetchK: 4097 },
        { fetchK: 1.5 },
        { fetchK: NaN },
        { diversity: 0.5, k: 4097 },
        { diversity: 0.5, k: Number.MAX_SAFE_INTEGER },
        { efSearch: any(null) },
        { exact: any(null) },
      ] satisfies Partial<SearchOptions>[]
    ).flatMap((options): typeof refused => [
      [
        `search with ${named(options).join(', ')}`,
        'invalid-input',
        (index, query) => index.search(query, { k: 1, ...options }),
      ],
      [
        `searchMany with ${named(options).join(', ')}`,
        'invalid-input',
        (index, query) => index.searchMany(query, { k: 1, ...options }),
      ],
    ]),
    ['no k', 'invalid-input', (index, query) => index.searchMany(query, any({ minScore: 0.5 }))],
    ['an array', 'invalid-input', (index) => index.searchMany(any([1, 2]), { k: 1 })],
    [
      'a query and a half',
      'dimension-mismatch',
      (index) => index.searchMany(new Float32Array(dimensions * 1.5).fill(1), { k: 1 }),
    ],
    [
      'one query too many',
      'dimension-mismatch',
      (index) => index.search(new Float32Array(dimensions * 2).fill(1), { k: 1 }),
    ],
    [
      'a query that lies about its length',
      'dimension-mismatch',
      (index) =>
        index.search(
          Object.defineProperty(new Float32Array(1e6).fill(1), 'length', { value: dimensions }),
          { k: 1 },
        ),
    ],
  ];

  it.each(refused)('%s: %s', (_, code, call) => {
    const { index, data } = filled(20, 'cosine');
    const query = data.slice(0, dimensions);
    const before = index.snapshot();
    expect(() => call(index, query)).toThrow(EngineError);
    expect(() => call(index, query)).toThrow(expect.objectContaining({ code }));
    expect(() => call(index, query)).toThrow(/^.+\. .+\.$/s);
    expect(index.snapshot()).toEqual(before);
    expect(index.search(query, { k: 1 }).slots).toEqual(Uint32Array.of(0));
  });

  it('a filter that lies about itself reaches no memory that is not its own', () => {
    const { index, data } = filled(100, 'cosine');
    class Lying extends Uint32Array {
      override subarray(): never {
        return new Uint32Array(5e6).fill(0xffff_ffff) as never;
      }
    }
    const filter = new Lying(50_000).fill(0b11);
    const before = index.snapshot();
    const { slots } = index.search(data.slice(0, dimensions), { k: 100, filter });
    expect([...slots].sort((a, b) => a - b)).toEqual([0, 1, 32, 33, 64, 65, 96, 97]);
    expect(index.snapshot()).toEqual(before);
  });

  it('after free says so', () => {
    const { index, data } = filled(10, 'cosine');
    index.free();
    const closed = expect.objectContaining({ code: 'closed' }) as Error;
    expect(() => index.searchMany(data, { k: 1 })).toThrow(closed);
    expect(() => index.statistics()).toThrow(closed);
  });
});
