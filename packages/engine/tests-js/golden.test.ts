import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Metric } from '../js/node.ts';
import { loadEngine } from '../js/node.ts';
import { Random } from './random.ts';

// The same operations as in `tests/determinism.rs`. There the products are computed by plain Rust,
// here by SIMD: equal checksums prove that both compute the same.
it('builds the same bytes as the engine does natively', async () => {
  const engine = await loadEngine();
  const metrics: Metric[] = ['cosine', 'dot', 'l2'];
  const lines = metrics.flatMap((metric) =>
    [7, 112, 200].map((dimensions) => {
      const options = { m: 8, efConstruction: 40, exactBelow: 0, seed: 9 };
      const index = engine.createIndex({ dimensions, metric, ...options });
      const random = new Random(dimensions);
      index.add(random.floats(600 * dimensions));
      while (!index.buildStep({ maxWork: 3000 }).done);
      index.remove(Array.from({ length: 600 }, (_, slot) => slot).filter((slot) => slot % 5 === 1));
      index.compact();
      index.add(random.floats(50 * dimensions));
      index.buildStep();
      // The checksum of the header covers those of all sections.
      const snapshot = index.snapshot();
      index.free();
      const checksum = new DataView(snapshot.buffer).getBigUint64(16, true);
      return `${metric} ${dimensions} ${checksum.toString(16).padStart(16, '0')}`;
    }),
  );
  const golden = await readFile(new URL('../tests/golden.txt', import.meta.url), 'utf8');
  expect(`${lines.join('\n')}\n`).toBe(golden);
});
