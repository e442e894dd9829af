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
});
