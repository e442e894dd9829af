import { describe, expect, test } from 'vitest';
import type { Metric } from '../../src/core/types.ts';
import { seal } from '../../src/storage/schema.ts';
import type { PackRow } from '../../src/storage/schema.ts';
import { createExactReplica } from '../../src/worker/exact-replica.ts';
import { createReplica } from '../../src/worker/replica.ts';
import type { ReplicaSearch } from '../../src/worker/replica.ts';
import { startNodeEngine } from '../core/node-engine.ts';
import { numberedVector } from '../core/test-index.ts';

const DIMENSIONS = 16;
const engine = await startNodeEngine();

function packOf(pack: number, names: readonly string[]): PackRow {
  const data = new Float32Array(names.length * DIMENSIONS);
  names.forEach((_, row) =>
    data.set(numberedVector(pack * 100 + row, DIMENSIONS), row * DIMENSIONS),
  );
  return seal<PackRow>({
    pack,
    dimensions: DIMENSIONS,
    embedderId: null,
    namespaces: names.map((name) => name.slice(0, 1)),
    ids: names.map((name) => name.slice(1)),
    data: data.buffer,
  });
}

const all: ReplicaSearch = {
  namespace: 'n',
  k: 5,
  minScore: undefined,
  diversity: 0,
  efSearch: undefined,
  exact: false,
  except: null,
};

describe.each(['cosine', 'dot', 'l2'] as const)('%s', (metric: Metric) => {
  test('finds what the engine finds, on the same scale', () => {
    const options = { dimensions: DIMENSIONS, metric, hnsw: {} };
    const replicas = [createReplica(engine, options), createExactReplica(options)] as const;
    for (const replica of replicas) {
      replica.loadPack(
        packOf(
          1,
          Array.from({ length: 60 }, (_, n) => `nd${n}`),
        ),
      );
      replica.loadPack(packOf(2, ['mother', 'nd3', 'nd4']));
      replica.loaded(2);
      replica.apply({
        seq: 3,
        removed: [['n', 'd7']],
        changed: [],
        pack: packOf(3, ['nd5', 'nnew']),
      });
    }
    const [real, exact] = replicas;
    expect(exact).toMatchObject({ seq: 3, documentCount: real.documentCount });
    const searches: Partial<ReplicaSearch>[] = [
      {},
      { k: 100 },
      { namespace: 'm' },
      { namespace: 'absent' },
      { except: { namespace: 'n', id: 'd3' } },
      { diversity: 0.4 },
      { minScore: metric === 'l2' ? 0.3 : 0.2, k: 50 },
    ];
    for (const [number, change] of searches.entries()) {
      const query = numberedVector(7_000 + number, DIMENSIONS);
      const search = { ...all, ...change };
      const { hits: expected } = real.search(query, search);
      const { hits: found, plan, evaluations } = exact.search(query, search);
      expect(plan).toBe('scan');
      const seen = exact.count(search.namespace) - (search.except ? 1 : 0);
      if (search.diversity === 0) expect(evaluations).toBe(seen);
      else expect(evaluations).toBeGreaterThan(seen);
      expect(found).toHaveLength(expected.length);
      // The engine rounds vectors to eight bits, so neighbours may change places.
      const every = new Map(
        real.search(query, { ...search, k: 100, diversity: 0 }).hits.map((hit) => [hit.id, hit]),
      );
      for (const [at, hit] of found.entries()) {
        const { pack, row, namespace, score } = every.get(hit.id) ?? {};
        expect(hit).toMatchObject({ pack, row, namespace });
        expect(hit.score).toBeCloseTo(score ?? NaN, 1);
        if (!change.diversity) expect(hit.score).toBeCloseTo(expected[at]?.score ?? NaN, 1);
      }
      if (change.k === 100) expect(found.length).toBe(every.size);
      if (change.except) expect(found.map(({ id }) => id)).not.toContain(change.except.id);
    }
    real.free();
  });

  test('differing results are the ones that the engine chooses', () => {
    const options = { dimensions: DIMENSIONS, metric, hnsw: {} };
    const replicas = [createReplica(engine, options), createExactReplica(options)] as const;
    // Of all lengths, which under `dot` is what makes a score and says nothing of a likeness.
    const pack = packOf(
      1,
      Array.from({ length: 60 }, (_, n) => `nd${n}`),
    );
    const vectors = new Float32Array(pack.data);
    vectors.forEach((value, at) => {
      vectors[at] = value * (1 + (Math.floor(at / DIMENSIONS) % 7));
    });
    const sealed = seal<PackRow>(pack);
    for (const replica of replicas) {
      replica.loadPack(sealed);
      replica.loaded(1);
    }
    let agreed = 0;
    for (let number = 0; number < 20; number++) {
      const query = numberedVector(9_000 + number, DIMENSIONS);
      for (const diversity of [0.3, 0.7]) {
        const search = { ...all, k: 4, diversity };
        const [real, exact] = replicas.map((replica) =>
          replica.search(query, search).hits.map(({ id }) => id),
        );
        agreed += Number(JSON.stringify(real) === JSON.stringify(exact));
      }
    }
    // The engine rounds vectors to eight bits, so that sometimes another one is a little better.
    expect(agreed).toBeGreaterThanOrEqual(36);
    replicas[0].free();
  });

  test('choosing among many compares each of them once with each that is chosen', () => {
    const exact = createExactReplica({ dimensions: DIMENSIONS, metric, hnsw: {} });
    const count = 900;
    exact.loadPack(
      packOf(
        1,
        Array.from({ length: count }, (_, n) => `nd${n}`),
      ),
    );
    const k = 200;
    const { hits, evaluations } = exact.search(numberedVector(1, DIMENSIONS), {
      ...all,
      k,
      diversity: 0.5,
    });
    expect(new Set(hits.map(({ id }) => id)).size).toBe(k);
    expect(evaluations).toBeLessThanOrEqual(count + k * 4 * k);
  });
});
