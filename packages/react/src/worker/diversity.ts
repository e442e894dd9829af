import type { Metric } from '../core/types.ts';
import type { ReplicaHit } from './replica.ts';
import { dot, similarityOf } from './similarity.ts';

export interface Candidate {
  readonly hit: ReplicaHit;
  readonly vector: Float32Array;
}

/** Candidates for `k` results: what the engine takes without a `fetchK`. */
export function diversityPool(k: number): number {
  return Math.max(k, Math.min(4 * k, 4_096));
}

/**
 * Maximal marginal relevance, after Carbonell and Goldstein (1998), by the same scales as the engine:
 * under `dot`, relevance is the score as a share of the largest, and likeness a cosine.
 *
 * @param pool sorted by score, the highest first
 */
export function chooseDiverse(
  pool: readonly Candidate[],
  k: number,
  diversity: number,
  metric: Metric,
): { readonly hits: ReplicaHit[]; readonly evaluations: number } {
  const isAngular = metric !== 'l2';
  const likeness = isAngular ? dot : similarityOf.l2;
  // An inner product has no scale of its own that a likeness could be weighed against.
  const unit = metric === 'dot' ? Math.max(...pool.map(({ hit }) => Math.abs(hit.score))) || 1 : 1;
  const left = pool.map(({ hit, vector }) => ({
    hit,
    relevance: hit.score / unit,
    direction: isAngular ? unitVector(vector) : vector,
    likest: -Infinity,
  }));
  const hits: ReplicaHit[] = [];
  let evaluations = 0;
  let best = 0;
  while (hits.length < k) {
    const [chosen] = left.splice(best, 1);
    if (!chosen) break;
    hits.push(chosen.hit);
    let highest = -Infinity;
    best = 0;
    left.forEach((candidate, at) => {
      evaluations++;
      candidate.likest = Math.max(
        candidate.likest,
        likeness(candidate.direction, chosen.direction),
      );
      const value = (1 - diversity) * candidate.relevance - diversity * candidate.likest;
      if (value <= highest) return;
      best = at;
      highest = value;
    });
  }
  return { hits, evaluations };
}

/** One of zeros stays so, and is like none. */
function unitVector(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / norm);
}
