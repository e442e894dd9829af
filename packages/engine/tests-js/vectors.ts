/** Seeded vectors for tests, and the exact answer that a search is compared with. */
import type { Metric, SearchResult } from '../js/node.ts';
import { Random } from './random.ts';

/** Vectors in one array, one after the other. */
export interface Vectors {
  data: Float32Array;
  count: number;
  dimensions: number;
}

/** Row `row` of the vectors. */
export function row({ data, dimensions }: Vectors, row: number): Float32Array {
  return data.subarray(row * dimensions, (row + 1) * dimensions);
}

/** Vectors without structure, components from -1 to 1. */
export function uniform(seed: number, count: number, dimensions: number): Vectors {
  return { data: new Random(seed).floats(count * dimensions), count, dimensions };
}

/** Vectors around forty centres, as the topics of texts are. */
export function clustered(seed: number, count: number, dimensions: number): Vectors {
  const random = new Random(seed);
  const centres = random.floats(40 * dimensions);
  const data = random.floats(count * dimensions).map((noise, at) => {
    const vector = Math.floor(at / dimensions);
    const centre = (vector * 7) % 40;
    return centres[centre * dimensions + (at % dimensions)]! + 0.3 * noise;
  });
  return { data, count, dimensions };
}

/** The score that the API promises, of the vectors as they were given. */
export function similarity(metric: Metric, a: Float32Array, b: Float32Array): number {
  const inner = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, component, at) => sum + component * y[at]!, 0);
  if (metric === 'dot') return inner(a, b);
  if (metric === 'cosine') return inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b));
  const squares = a.reduce((sum, component, at) => sum + (component - b[at]!) ** 2, 0);
  return 1 / (1 + Math.sqrt(squares));
}

/** A filter that passes these slots. */
export function filterOf(slots: Iterable<number>, slotCount: number): Uint32Array {
  const filter = new Uint32Array(Math.ceil(slotCount / 32));
  for (const slot of slots) filter[slot >> 5]! |= 1 << (slot & 31);
  return filter;
}

/** The share of `expected` that was found, any of several equal scores counting. */
export function recall(found: SearchResult, expected: SearchResult): number {
  const least = expected.scores.at(-1) ?? Infinity;
  const good = found.scores.filter((score) => score >= least).length;
  return expected.scores.length === 0 ? 1 : good / expected.scores.length;
}

/** The slots 0 to `count` that are wanted. */
export function slotsWhere(count: number, wanted: (slot: number) => boolean): number[] {
  return Array.from({ length: count }, (_, slot) => slot).filter(wanted);
}
